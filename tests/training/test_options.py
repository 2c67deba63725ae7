import json

import pytest

from multistyle.errors import InputError
from multistyle.perceptual.loss_options import LossWeights
from multistyle.training.options import (
    Phase,
    TrainingOptions,
    plan_phases,
)


def make(**given):
    return TrainingOptions(
        **{"style_images": "s", "content_images": "c", "run_dir": "r", **given}
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"steps": 0}, "`steps` must be at least 1; got `0`"),
        ({"image_size": 31}, "`image_size` must be at least 32"),
        ({"seed": -1}, "`seed` must be at least 0"),
        ({"width_multiplier": 0.0}, "`width_multiplier` must be a number"),
        ({"learning_rate": float("nan")}, "`learning_rate` must be a number"),
        ({"train": "some"}, "`train` is one of all, rows; got `some`"),
        ({"loss_network": "vgg19"}, "`loss_network` is one of vgg16, preview"),
        ({"precision": "float16"}, "`precision` is one of"),
        ({"style_loss_weight": -1.0}, "`style_loss_weight` must be a number"),
        ({"train": "rows", "init_from": "none"}, "needs a network"),
        ({"style_coefficients": {"a": 0.0}}, "`style_coefficients`"),
    ],
)
def test_limits(given, message):
    with pytest.raises(InputError) as error:
        make(**given)
    assert message in str(error.value)


def test_default_loss_weights():
    assert make().loss_weights() == LossWeights(1.0, 6.0, 0.15, "relative")


def test_the_papers_loss_weights():
    weights = make(loss_scaling="paper").loss_weights()
    assert weights == LossWeights(1.0, 1.0, 0.0, "paper")


def test_given_loss_weights_win():
    weights = make(
        loss_scaling="paper", total_variation_loss_weight=0.5
    ).loss_weights()
    assert weights == LossWeights(1.0, 1.0, 0.5, "paper")


def test_the_record_is_json_and_leaves_out_what_changes_no_result():
    record = make(style_images=["a", "b"], checkpoint_every=7).record()
    assert json.loads(json.dumps(record)) == record
    assert record["style_images"] == ["a", "b"]
    for name in ("run_dir", "checkpoint_every", "preview_every", "vgg_weights"):
        assert name not in record


@pytest.mark.parametrize(
    ("given", "has_start", "has_rows", "expected"),
    [
        ({}, False, False, [Phase("all", 0, 100, 2e-3)]),
        (
            {},
            True,
            False,
            [Phase("rows", 0, 40, 1e-2), Phase("all", 40, 60, 1e-3)],
        ),
        ({}, True, True, [Phase("all", 0, 100, 1e-3)]),
        ({"train": "rows"}, True, False, [Phase("rows", 0, 100, 1e-2)]),
        (
            {"learning_rate": 0.5},
            True,
            False,
            [Phase("rows", 0, 40, 5.0), Phase("all", 40, 60, 0.5)],
        ),
    ],
)
def test_phases(given, has_start, has_rows, expected):
    phases = plan_phases(make(steps=100, **given), has_start, has_rows)
    assert [vars(phase) for phase in phases] == [
        pytest.approx(vars(phase)) for phase in expected
    ]


def test_the_rate_rises_is_held_and_falls_to_zero():
    phase = Phase("all", 500, 1000, 0.01)
    rates = [phase.rate(step) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01 / 50)
    assert rates[49] == pytest.approx(0.01)
    assert set(rates[49:700]) == {0.01}
    assert rates[850] == pytest.approx(0.005)
    assert 0 < rates[999] < 0.0001
    assert rates[700:] == sorted(rates[700:], reverse=True)


def test_a_phase_of_one_step_has_a_rate():
    assert Phase("all", 0, 1, 0.01).rate(0) == 0.01
