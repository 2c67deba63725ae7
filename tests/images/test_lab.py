"""Known answers of CIELAB."""

import numpy as np
import pytest

from multistyle.images.lab import lab_to_rgb, rgb_to_lab


def random_picture(seed, size=(24, 32)):
    return np.random.default_rng(seed).random((*size, 3), np.float32)


# Published values under D65 and the two-degree observer.
@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((1, 1, 1), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((1, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 1, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 1), (32.30, 79.19, -107.86)),
        ((0, 1, 1), (91.11, -48.09, -14.13)),
        ((1, 0, 1), (60.32, 98.23, -60.82)),
        ((1, 1, 0), (97.14, -21.55, 94.48)),
        ((128 / 255,) * 3, (53.59, 0, 0)),
        # Below both knees, where the curves are straight lines.
        ((2 / 255,) * 3, (0.548, 0, 0)),
    ],
)
def test_known_colours(rgb, lab):
    np.testing.assert_allclose(rgb_to_lab(np.array(rgb)), lab, atol=0.01)
    np.testing.assert_allclose(lab_to_rgb(np.array(lab)), rgb, atol=5e-4)


def test_round_trip():
    image = random_picture(0, (128, 128))
    image[:8] *= 0.01
    back = lab_to_rgb(rgb_to_lab(image))
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, image, atol=1e-4)


def test_grey_has_no_colour():
    grey = np.repeat(np.linspace(0, 1, 256)[:, None], 3, axis=1)
    np.testing.assert_allclose(rgb_to_lab(grey)[:, 1:], 0, atol=1e-4)


def test_colours_out_of_the_gamut_are_clipped():
    rgb = lab_to_rgb(np.array([[50, 120, 0], [150, 0, 0], [-9, 0, 0]]))
    assert rgb.min() >= 0 and rgb.max() <= 1
    np.testing.assert_allclose(rgb[1:], [[1, 1, 1], [0, 0, 0]], atol=1e-6)
