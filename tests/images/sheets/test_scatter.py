"""Where a scattered page puts its pictures."""

import itertools

import numpy as np
import pytest

from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.scatter import make_room, scatter

RED, GREEN, BLUE = (220, 0, 0), (0, 200, 0), (0, 0, 240)
TITLES = ["a", "b", "c"]


def flats(*colors):
    return [np.full((40, 60, 3), color, np.uint8) for color in colors]


def centre(page, color):
    """Returns (x, y) of the middle of a colour's pixels."""
    rows, columns = np.nonzero((page == color).all(axis=-1))
    return np.array((columns.mean(), rows.mean()))


def count(page, color):
    return (page == color).all(axis=-1).sum()


@pytest.mark.parametrize("unit", [1e-3, 1, 1e6])
def test_the_page_is_a_true_picture_of_the_places(unit):
    places = np.array([(0, 0), (2, 0), (2, 3)]) * unit
    page = scatter(flats(RED, GREEN, BLUE), TITLES, places)
    red, green, blue = (centre(page, color) for color in (RED, GREEN, BLUE))
    right, up = green - red, blue - green
    assert right[0] > 60 and abs(right[1]) <= 1
    assert up[1] < -60 and abs(up[0]) <= 1
    assert abs(up[1] / right[0] + 1.5) < 0.02
    for color in (RED, GREEN, BLUE):
        assert count(page, color) == 40 * 60


def test_a_picture_without_room_moves_and_points_to_its_place():
    places = [(0, 0), (0.02, 0), (1, 0)]
    page = scatter(flats(RED, GREEN, BLUE), TITLES, places)
    assert count(page, GREEN) == count(page, BLUE) == 40 * 60
    # The line to the green one's place leads over some of the red one.
    assert 40 * 60 - 200 < count(page, RED) < 40 * 60
    rows, columns = np.nonzero((page == RED).all(axis=-1))
    red = page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert (red < 60).all(axis=-1).any()


def test_a_single_picture_and_equal_places():
    page = scatter(flats(RED), ["a"], [(5, 7)])
    assert count(page, RED) == 40 * 60
    page = scatter(flats(RED, GREEN, BLUE), TITLES, np.zeros((3, 2)))
    for color in (RED, GREEN, BLUE):
        assert count(page, color) > 40 * 60 - 200


def test_a_page_is_white_around_its_pictures():
    page = scatter(flats(RED, BLUE), ["a", "b"], [(0, 0), (1, 1)])
    for edge in (page[0], page[-1], page[:, 0], page[:, -1]):
        assert (edge == 255).all()


@pytest.mark.parametrize(
    "corners",
    [
        np.zeros((20, 2), int),
        np.random.default_rng(0).integers(0, 200, (20, 2)),
    ],
)
def test_boxes_with_room_made_do_not_overlap(corners):
    size = np.array((30, 50))
    moved = make_room(corners, size)
    np.testing.assert_array_equal(moved[0], corners[0])
    for first, second in itertools.combinations(moved, 2):
        assert (np.abs(first - second) >= size).any()
    np.testing.assert_array_equal(make_room(moved, size), moved)


def test_a_box_moves_no_further_than_it_must():
    moved = make_room(np.array([(0, 0), (25, 3)]), np.array((32, 32)))
    np.testing.assert_array_equal(moved[1], (33, 3))


def test_captions_stand_under_their_pictures():
    cells = captioned(flats(RED, BLUE), ["short", "a long title of some words"])
    assert cells[0].shape == cells[1].shape
    height, width = cells[0].shape[:2]
    assert (width, height > 40) == (96, True)
    for cell, color in zip(cells, (RED, BLUE), strict=True):
        assert count(cell[:40], color) == 40 * 60
        assert (cell[40:] < 100).all(axis=-1).any()
        assert (cell[:40, :18] == 255).all()
