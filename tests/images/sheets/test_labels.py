"""Labels fit, stay readable, and take any text."""

import numpy as np
import pytest

from multistyle.images.sheets.labels import draw_labels


def ink(label):
    """Counts the dark pixels of a label."""
    return int((np.asarray(label) < 128).all(axis=-1).sum())


@pytest.mark.parametrize(
    "text",
    [
        "Starry Night",
        "the_great_wave_off_kanagawa_by_katsushika_hokusai_1831",
        "W" * 200,
        "a very long title of a painting with more words than any has " * 5,
        "Léger, Композиция, Κανδίνσκι",
        "神奈川沖浪裏",
        "🎨",
        "two\nlines",
    ],
)
@pytest.mark.parametrize("width", [40, 300])
def test_any_text_fits_and_is_seen(text, width):
    (label,) = draw_labels([text], width, 18)
    assert 0 < label.width <= width
    assert ink(label) > 10


def test_a_short_text_keeps_its_size_and_one_line():
    (label,) = draw_labels(["Starry Night"], 300, 20)
    assert 20 <= label.height <= 30


def test_a_long_text_takes_more_lines_before_it_shrinks():
    (one,) = draw_labels(["great wave"], 300, 20)
    (two,) = draw_labels(["great wave"], one.width - 10, 20)
    assert two.height == 2 * one.height


def test_all_labels_have_one_size_of_type():
    alone = draw_labels(["tree"], 60, 20)[0]
    short, long = draw_labels(["tree", "Saskatchewan_tree"], 60, 20)
    assert short.height < alone.height
    assert long.height == 2 * short.height


def test_an_empty_text_is_blank():
    empty, other = draw_labels(["", "a"], 100, 14)
    assert empty.height == other.height
    assert ink(empty) == 0


def test_letters_with_accents_are_not_drawn_as_boxes():
    # The box of an unknown letter is the same for all of them.
    labels = draw_labels(["é", "ü", "ø"], 100, 20)
    assert len({label.tobytes() for label in labels}) == 3


def same(first, second):
    return first.size == second.size and first.tobytes() == second.tobytes()


def test_what_no_font_can_draw_loses_its_accents():
    private = "\U0010fffd"
    accented, plain = draw_labels(["é" + private, "e" + private], 100, 20)
    assert same(accented, plain)


def test_what_does_not_fit_ends_in_an_ellipsis():
    (cut,) = draw_labels(["aa bb cc dd"], 20, 9)
    (expected,) = draw_labels(["aa bb cc…"], 20, 9)
    assert same(cut, expected)
    (cut,) = draw_labels(["iiiiiiiiiiiiiiiiiiii"], 20, 9)
    assert any(
        same(cut, draw_labels(["i" * n + "…"], 20, 9)[0]) for n in range(9)
    )


def test_lines_are_aligned():
    for align, edge in (("left", 0), ("right", -1)):
        (label,) = draw_labels(["a wwwwwwww"], 110, 20, align=align)
        upper = np.asarray(label.convert("L"))[: label.height // 2]
        columns = np.flatnonzero((upper < 128).any(axis=0))
        distance = columns[0] if edge == 0 else label.width - 1 - columns[-1]
        assert distance <= 3
