import numpy as np
import pytest

from multistyle.images.tiles import Window
from multistyle.inference.passes.levels import (
    level_sizes,
    level_strength,
    level_weights,
)


@pytest.mark.parametrize(
    ("size", "stroke_scale", "expected"),
    [
        # Up to 1,000 pixels nothing changes.
        ((750, 1000), 1, [(750, 1000)]),
        ((64, 48), 1, [(64, 48)]),
        ((700, 1001), 1, [(699, 1000), (700, 1001)]),
        ((1080, 1920), 1, [(562, 1000), (1080, 1920)]),
        # A telephone's twelve megapixels are two doublings, and a little.
        ((3024, 4032), 1, [(750, 1000), (1506, 2008), (3024, 4032)]),
        ((2500, 1700), 1, [(1000, 680), (1581, 1075), (2500, 1700)]),
        # Broader on every picture; finer down to the network's own.
        ((300, 400), 2, [(150, 200), (300, 400)]),
        ((3000, 4000), 2, [(375, 500), (750, 1000), (1500, 2000)]),
        ((3000, 4000), 0.5, [(1500, 2000), (3000, 4000)]),
        ((3000, 4000), 0.25, [(3000, 4000)]),
        ((300, 400), 0.5, [(300, 400)]),
        # A ribbon has a first level, however thin.
        ((3, 2000), 1, [(2, 1000), (3, 2000)]),
    ],
)
def test_sizes(size, stroke_scale, expected):
    sizes = level_sizes(size, stroke_scale)
    assert sizes[: len(expected)] == expected
    assert sizes[-1] == size


def test_strength_fades_where_a_level_is_hardly_larger():
    assert level_strength((1000, 1000), (1000, 1000)) == 0
    assert 0 < level_strength((1001, 700), (1000, 699)) < 0.01
    half = level_strength((1189, 1000), (1000, 841))  # The fourth root of 2.
    assert half == pytest.approx(0.45, abs=0.001)
    assert level_strength((2000, 1000), (1000, 500)) == 0.9
    assert level_strength((2300, 1000), (1000, 435)) == 0.9


def test_weights_of_a_level_are_those_of_the_nearest_pixels():
    weights = np.arange(80, dtype=np.float32).reshape(8, 10, 1)
    size = (8, 10)
    of_level = level_weights(lambda window: window.of(weights), size, (4, 5))
    expected = weights[1::2, 1::2]
    np.testing.assert_array_equal(of_level(Window(0, 4, 0, 5)), expected)
    window = Window(1, 3, 2, 5)
    np.testing.assert_array_equal(of_level(window), window.of(expected))
    vector = np.array([0.2, 0.8], np.float32)
    of_level = level_weights(lambda window: vector, size, (4, 5))
    np.testing.assert_array_equal(of_level(window), vector)
