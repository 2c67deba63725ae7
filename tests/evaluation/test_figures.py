import pytest

from multistyle.evaluation.figures import (
    compare,
    extremes,
    loss_ratios,
    summarize,
    summarize_styles,
)

LOSSES = {
    "wave": {
        "a": {"content": 1.0, "style": 0.5, "total": 4.0},
        "b": {"content": 3.0, "style": 0.5, "total": 6.0},
    },
    "night": {
        "a": {"content": 2.0, "style": 1.0, "total": 8.0},
        "b": {"content": 2.0, "style": 3.0, "total": 20.0},
    },
    "unpainted": {"a": {"content": 0.5}, "b": {"content": 1.5}},
}


def test_mean_and_spread():
    assert summarize([1.0, 3.0]) == {"mean": 2.0, "spread": 1.0}


def test_styles_are_summarized_over_photographs_and_then_over_styles():
    summary = summarize_styles(LOSSES)
    assert summary["styles"]["wave"] == {
        "content": {"mean": 2.0, "spread": 1.0},
        "style": {"mean": 0.5, "spread": 0.0},
        "total": {"mean": 5.0, "spread": 1.0},
    }
    assert list(summary["styles"]["unpainted"]) == ["content"]
    # Of the two styles that have a painting.
    assert summary["mean"]["content"]["mean"] == 2.0
    assert summary["mean"]["total"] == {"mean": 9.5, "spread": 4.5}


def test_without_paintings_the_content_losses_have_a_mean():
    summary = summarize_styles({"unpainted": LOSSES["unpainted"]})
    assert summary["mean"] == {"content": {"mean": 1.0, "spread": 0.0}}


def test_a_reference_is_compared_on_its_own_photographs():
    reference = {
        "wave": {"a": {"content": 2.0, "style": 0.25, "total": 2.0}},
        "night": {"a": {"content": 1.0, "style": 0.5, "total": 4.0}},
    }
    ratios = compare(LOSSES, reference)
    assert ratios["rows"] == {
        "wave": {"content": 0.5, "style": 2.0, "total": 2.0},
        "night": {"content": 2.0, "style": 2.0, "total": 2.0},
    }
    assert ratios["mean"] == {"content": 1.25, "style": 2.0, "total": 2.0}
    assert ratios["spread"] == {"content": 0.75, "style": 0.0, "total": 0.0}
    assert ratios["median"] == {"content": 1.25, "style": 2.0, "total": 2.0}


def test_a_reference_without_a_common_style():
    assert compare(LOSSES, {}) == {}


@pytest.mark.parametrize(
    ("totals", "best", "worst"),
    [
        ([5], "a", ""),
        ([5, 4], "b", "a"),
        ([3, 1, 2], "bc", "a"),
        ([6, 5, 4, 3, 2, 1, 0], "gfe", "abc"),
    ],
)
def test_extremes_are_never_both(totals, best, worst):
    losses = {
        name: {"total": total}
        for name, total in zip("abcdefg", totals, strict=False)
    }
    assert extremes(losses) == {"best": list(best), "worst": list(worst)}


def test_loss_ratios():
    many = {
        "wave": {"content": [1.0, 2.0], "total": [4.0, 8.0]},
        "night": {"content": [1.0, 1.0], "total": [2.0, 2.0]},
        "scream": {"content": [9.0, 9.0], "total": [9.0, 9.0]},
    }
    single = {
        "wave": {"content": [2.0, 1.0], "total": [2.0, 2.0]},
        "night": {"content": [0.5, 0.5], "total": [2.0, 2.0]},
    }
    assert loss_ratios(many, single) == {
        "rows": {
            "wave": {"content": 1.0, "total": 3.0},
            "night": {"content": 2.0, "total": 1.0},
        },
        "mean": {"content": 1.5, "total": 2.0},
        "spread": {"content": 0.5, "total": 1.0},
    }


def test_loss_ratios_of_nothing_in_common():
    assert loss_ratios({"wave": {"total": [1.0]}}, {}) == {
        "rows": {},
        "mean": {},
        "spread": {},
    }
