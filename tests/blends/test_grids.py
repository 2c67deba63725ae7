import numpy as np
import pytest

from multistyle.blends.grids import grid_weights, parse_grid
from multistyle.errors import InputError

NAMES = ["starry_night", "great_wave", "the_scream", "udnie"]


def test_grid_corners_are_exact_and_the_rest_is_bilinear():
    corners = parse_grid("starry_night, great_wave,the_scream,udnie", NAMES)
    grid = grid_weights(corners, columns=3, rows=5)
    assert grid.shape == (5, 3, 4)
    assert grid[[0, 0, -1, -1], [0, -1, 0, -1]].tolist() == corners.tolist()
    assert grid[0, 1].tolist() == [0.5, 0.5, 0, 0]
    assert grid[2, 1].tolist() == [0.25, 0.25, 0.25, 0.25]
    assert grid[1, 0].tolist() == [0.75, 0, 0.25, 0]
    np.testing.assert_allclose(grid.sum(axis=-1), 1, atol=1e-6)


def test_a_grid_of_two_styles():
    corners = parse_grid("udnie,great_wave,udnie,great_wave", NAMES)
    grid = grid_weights(corners)
    assert grid.shape == (5, 5, 4)
    assert grid[3, 1].tolist() == [0, 0.25, 0, 0.75]


@pytest.mark.parametrize("size", [{"columns": 1}, {"rows": 0}])
def test_a_grid_that_is_too_small(size):
    with pytest.raises(InputError, match="at least 2 columns and 2 rows"):
        grid_weights(np.eye(4), **size)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("udnie,udnie", "`A,B,C,D`, four styles; got `udnie,udnie`"),
        ("udnie,udnie,udnie,great_wav", "mean `great_wave`"),
    ],
)
def test_errors_of_a_grid(text, message):
    with pytest.raises(InputError, match=message):
        parse_grid(text, NAMES)
