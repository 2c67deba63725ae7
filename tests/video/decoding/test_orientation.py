import itertools

import numpy as np
import pytest

from multistyle.video.decoding.orientation import Orientation, orientation_of
from multistyle.video.decoding.reader import FilmReader

ONE = 1 << 16


def show(stored, a, b, c, d):
    """Places pixel by pixel, by the formula of libavutil/display.h."""
    height, width = stored.shape[:2]
    places = {
        (a * p + c * q, b * p + d * q): stored[q, p]
        for q, p in itertools.product(range(height), range(width))
    }
    left = min(column for column, _ in places)
    top = min(row for _, row in places)
    shape = (height, width) if a else (width, height)
    shown = np.zeros((*shape, *stored.shape[2:]), stored.dtype)
    for (column, row), pixel in places.items():
        shown[row - top, column - left] = pixel
    return shown


@pytest.mark.parametrize("first", [1, -1])
@pytest.mark.parametrize("second", [1, -1])
@pytest.mark.parametrize("swaps", [False, True])
def test_each_matrix_is_what_the_formula_says(first, second, swaps):
    a, b, c, d = (0, first, second, 0) if swaps else (first, 0, 0, second)
    stored = np.arange(12).reshape(3, 4)
    matrix = np.array([a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 7, 7, 1 << 30])
    orientation = orientation_of(matrix)
    shown = orientation.apply(stored)
    np.testing.assert_array_equal(shown, show(stored, a, b, c, d))
    assert shown.flags.c_contiguous
    assert orientation.is_mirrored == (a * d - b * c < 0)
    rows = orientation.apply(np.stack([stored] * 3, axis=2))
    np.testing.assert_array_equal(rows[..., 2], shown)


def test_a_matrix_of_a_few_degrees_is_the_nearest():
    cos, sin = round(0.99 * ONE), round(0.14 * ONE)
    assert orientation_of(np.array([cos, -sin, 0, sin, cos])) == Orientation()
    turned = orientation_of(np.array([sin, -cos, 0, cos, sin]))
    assert turned == Orientation(swaps_axes=True, flips_rows=True)


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize(
    ("rotation", "turns"), [(0, 0), (90, 1), (180, 2), (-90, 3), (270, 3)]
)
def test_films_are_put_upright(write_film, rotation, turns, is_mirrored):
    # Of four quarters, each another grey, as the file stores it.
    stored = np.kron([[20, 90], [160, 230]], np.ones((16, 24)))
    stored = np.repeat(stored[..., None], 3, 2).astype(np.uint8)
    path = write_film(
        frames=[stored] * 2, rotation=rotation, is_mirrored=is_mirrored
    )
    reader = FilmReader(path)
    frame = next(reader.frames())
    # Turned by so much against the clock, then mirrored, as FFmpeg says.
    expected = np.rot90(stored, turns)
    if is_mirrored:
        expected = expected[:, ::-1]
    assert reader.size == expected.shape[:2]
    assert np.abs(frame.pixels.astype(int) - expected).mean() < 4
    assert reader.treatment == ({"mirrored": True} if is_mirrored else {})
