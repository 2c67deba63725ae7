import json

import pytest

from multistyle.blends.content_blends import ContentList, DrawnBlends
from multistyle.errors import InputError

NAMES = ["a", "b", "c"]
DIGESTS = [f"{number:064x}" for number in range(600)]


def test_a_draw_never_changes():
    """Lists that were published shall be drawn again by later versions."""
    blends = DrawnBlends(NAMES, copies=2, seed=0)
    assert blends.of("0" * 64, 1) == {"b": 0.586, "c": 0.414}
    assert blends.of("0" * 64, 2) == {"c": 0.853, "a": 0.147}


def test_draws_are_even_and_of_two_styles():
    blends = DrawnBlends(NAMES, seed=3)
    drawn = [blends.of(digest, 1) for digest in DIGESTS]
    for blend in drawn:
        assert len(blend) == 2 and min(blend.values()) >= 0.001
        assert sum(blend.values()) == pytest.approx(1, abs=1e-9)
    for name in NAMES:
        mean = sum(blend.get(name, 0) for blend in drawn) / len(drawn)
        assert mean == pytest.approx(1 / 3, abs=0.05)


def test_seed_content_and_copy_decide():
    blends = DrawnBlends(NAMES, copies=5)
    of_one = [blends.of(DIGESTS[0], copy) for copy in range(1, 6)]
    assert of_one == [blends.of(DIGESTS[0], copy) for copy in range(1, 6)]
    others = [blends.of(DIGESTS[1], copy) for copy in range(1, 6)]
    other_seed = DrawnBlends(NAMES, copies=5, seed=1)
    seeded = [other_seed.of(DIGESTS[0], copy) for copy in range(1, 6)]
    shown = {json.dumps(blend) for blend in of_one + others + seeded}
    assert len(shown) == 15
    assert blends.options() == {
        "style_weights": "random",
        "copies": 5,
        "seed": 0,
    }


def test_one_style_is_drawn_alone():
    assert DrawnBlends(["a"]).of(DIGESTS[0], 1) == {"a": 1}


@pytest.fixture
def write_list(tmp_path):
    def write_list(*lines):
        path = tmp_path / "list.jsonl"
        path.write_text("\n".join(map(json.dumps, lines)) + "\n{cut", "utf-8")
        return path

    return write_list


def test_a_list_is_read_by_content_and_copy(write_list):
    path = write_list(
        {"options": {"style_weights": "random"}},
        {"started": "a_1.png"},
        {"sha256": "x", "copy": 2, "style_weights": {"a": 1}},
        {"sha256": "x", "copy": 2, "style_weights": {"a": 0.5, "c": 0.5}},
        {"sha256": "y", "style_weights": {"b": 3}},
    )
    blends = ContentList(path, NAMES)
    assert blends.copies == 2
    assert blends.of("x", 2) == {"a": 0.5, "c": 0.5}
    assert blends.of("y", 1) == {"b": 3}
    assert blends.of("x", 1) is None
    options = blends.options()
    path = write_list({"sha256": "x", "style_weights": {"a": 1}})
    assert ContentList(path, NAMES).options() != options


def test_a_text_may_hold_what_ends_a_line_in_unicode(tmp_path):
    path = tmp_path / "list.jsonl"
    line = {"output": "a\u2028b", "sha256": "x", "style_weights": {"a": 1}}
    path.write_text(json.dumps(line, ensure_ascii=False) + "\r\n", "utf-8")
    assert ContentList(path, NAMES).of("x", 1) == {"a": 1}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([{"sha256": "x"}, 3], "`.*list.jsonl` lists no blend: lines of JSON"),
        (
            [{"sha256": "x", "style_weights": {"d": 1}}],
            "There is no style `d`",
        ),
        (
            [{"sha256": "x", "style_weights": {"a": 1}, "copy": 0}],
            "a copy `0`; copies are numbered from 1",
        ),
        (
            [{"sha256": "x", "style_weights": {"a": 1}, "copy": "2"}],
            "a copy `2`; copies",
        ),
    ],
)
def test_a_wrong_list_is_one_line(write_list, lines, message):
    with pytest.raises(InputError, match=message) as caught:
        ContentList(write_list(*lines), NAMES)
    assert "\n" not in str(caught.value)


def test_a_list_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="`.*none.jsonl` cannot be read"):
        ContentList(tmp_path / "none.jsonl", NAMES)
