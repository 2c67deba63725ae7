"""Where a sheet puts its pictures and titles."""

import numpy as np
import pytest

from multistyle.images.sheets.sheet import sheet, strip

RED, GREEN, BLUE = (220, 0, 0), (0, 200, 0), (0, 0, 240)


def flat(color, size=(40, 60)):
    return np.broadcast_to(np.array(color, np.uint8), (*size, 3))


def box(page, color):
    """Returns top, left, bottom and right of a colour's pixels."""
    rows, columns = np.nonzero((page == color).all(axis=-1))
    return (
        rows.min(),
        columns.min(),
        rows.max() + 1,
        columns.max() + 1,
    )


def has_ink(pixels):
    return bool((pixels < 100).all(axis=-1).any())


def test_pictures_stand_in_their_order_with_a_gutter():
    page = sheet([[flat(RED), flat(GREEN)], [flat(BLUE), None]], cell_size=60)
    red, green, blue = (box(page, color) for color in (RED, GREEN, BLUE))
    for top, left, bottom, right in (red, green, blue):
        assert (bottom - top, right - left) == (40, 60)
    assert red[0] == green[0] and red[1] == blue[1]
    gutter = green[1] - red[3]
    assert gutter == blue[0] - red[2] >= 4
    # The margin is even on all sides, and the empty cell is white.
    assert red[0] == red[1] == page.shape[0] - blue[2]
    assert red[0] == page.shape[1] - green[3]
    assert (page[blue[0] :, blue[3] :] == 255).all()


def test_the_same_pixels_come_out_when_nothing_is_scaled():
    image = np.random.default_rng(0).integers(0, 255, (20, 30, 3), np.uint8)
    page = sheet([[image]], cell_size=(20, 30))
    margin = (page.shape[0] - 20) // 2
    np.testing.assert_array_equal(
        page[margin : margin + 20, margin : margin + 30], image
    )


def test_other_shapes_are_centred_in_one_size_of_cell():
    page = sheet([[flat(RED, (60, 60)), flat(BLUE, (10, 30))]], cell_size=60)
    red, blue = box(page, RED), box(page, BLUE)
    assert (red[2] - red[0], red[3] - red[1]) == (60, 60)
    assert (blue[2] - blue[0], blue[3] - blue[1]) == (20, 60)
    assert blue[0] - red[0] == red[2] - blue[2] == 20


def test_a_given_cell_size_is_height_and_width():
    page = sheet([[flat(RED, (30, 30)), flat(BLUE)]], cell_size=(40, 90))
    red, blue = box(page, RED), box(page, BLUE)
    assert (red[2] - red[0], red[3] - red[1]) == (40, 40)
    assert (blue[2] - blue[0], blue[3] - blue[1]) == (40, 60)
    # Each in the middle of its cell, cells 4 apart in margins of 8.
    assert red[1] == 8 + (90 - 40) // 2
    assert blue[1] == 8 + 90 + 4 + (90 - 60) // 2
    assert page.shape == (8 + 40 + 8, 8 + 90 + 4 + 90 + 8, 3)


def test_float_pictures():
    page = sheet([[np.full((10, 10, 3), 0.5)]], cell_size=10)
    assert (page == 128).all(axis=-1).sum() == 100


def test_titles_stand_above_and_to_the_left():
    page = sheet(
        [[flat(RED), flat(GREEN)], [flat(BLUE), flat(BLUE)]],
        row_titles=["Sunflowers", ""],
        column_titles=["", "astronaut"],
        cell_size=120,
    )
    red, green, blue = (box(page, color) for color in (RED, GREEN, BLUE))
    assert has_ink(page[red[0] : red[2], : red[1] - 4])
    assert not has_ink(page[:, red[1] - 4 : red[1]])
    assert (page[red[0] : red[2], red[1] : red[3]] == RED).all()
    assert not has_ink(page[blue[0] : blue[2], : blue[1]])
    assert has_ink(page[: green[0], green[1] : green[3]])
    assert not has_ink(page[: red[0], : red[3]])


def test_a_short_title_stands_close_to_its_column():
    page = sheet(
        [[flat(RED), flat(GREEN)]],
        column_titles=["a long title that takes lines", "b"],
        cell_size=100,
    )
    red, green = box(page, RED), box(page, GREEN)
    upper, lower = page[: red[0] // 2], page[red[0] // 2 : red[0]]
    assert has_ink(upper[:, red[1] : red[3]])
    assert not has_ink(upper[:, green[1] : green[3]])
    assert has_ink(lower[:, green[1] : green[3]])


def test_long_titles_stay_within_their_row_and_column():
    long = "the_great_wave_off_kanagawa_by_katsushika_hokusai"
    page = sheet(
        [[flat(RED), flat(GREEN)], [flat(BLUE), None]],
        row_titles=[long, "b"],
        column_titles=[long, "b"],
        cell_size=128,
    )
    red, green, blue = (box(page, color) for color in (RED, GREEN, BLUE))
    left, above = page[:, : red[1]], page[: red[0]]
    assert has_ink(left[red[0] : red[2]])
    assert not has_ink(left[red[2] : blue[0]])
    assert has_ink(above[:, red[1] : red[3]])
    assert not has_ink(above[:, red[3] : green[1]])
    # Nothing is cut at the page's edge.
    for edge in (page[0], page[-1], page[:, 0], page[:, -1]):
        assert (edge == 255).all()


@pytest.mark.parametrize(
    ("titles", "message"),
    [
        ({"row_titles": ["a", "b"]}, "2 titles are given for 1 row"),
        ({"column_titles": []}, "0 titles are given for 1 column"),
    ],
)
def test_a_wrong_number_of_titles_is_named(titles, message):
    with pytest.raises(ValueError, match=message):
        sheet([[flat(RED)]], **titles)


@pytest.mark.parametrize("rows", [[], [[]], [[None]]])
def test_a_sheet_needs_a_picture(rows):
    with pytest.raises(ValueError, match="at least one picture"):
        sheet(rows)


def test_strip_sets_pictures_side_by_side():
    row = strip([flat(RED), flat(GREEN, (40, 20)) / 255.0, flat(BLUE)])
    assert row.dtype == np.uint8
    assert box(row, RED) == (0, 0, 40, 60)
    assert box(row, GREEN) == (0, 62, 40, 82)
    assert box(row, BLUE) == (0, 84, 40, 144)
    assert row.shape == (40, 144, 3)
    assert (row[:, 60:62] == 255).all()


@pytest.mark.parametrize("images", [[], [flat(RED), flat(RED, (41, 60))]])
def test_strip_needs_pictures_of_one_height(images):
    with pytest.raises(ValueError):
        strip(images)
