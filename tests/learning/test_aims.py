import numpy as np
import pytest
from keras import ops

from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.learning.aims import (
    painting_colors,
    painting_weave,
    pocket_aims,
)
from multistyle.learning.statistics import fit_painting
from multistyle.perceptual.color_spread import color_covariance
from multistyle.perceptual.pocket import load_pocket
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss

WORK = read_image(PAINTINGS_FOLDER / "great_wave.jpg")
OTHER = read_image(PAINTINGS_FOLDER / "starry_night.jpg")


def test_gram_matrices_are_those_of_keras():
    found = pocket_aims([WORK])
    wanted = load_pocket().style_targets([fit_painting(WORK)])
    for name, gram in found.grams.items():
        np.testing.assert_allclose(
            gram, wanted[name][0], atol=1e-4 * np.abs(wanted[name]).max()
        )


@pytest.mark.parametrize("size", [(160, 200), (40, 33)])
def test_the_weave_is_that_of_the_loss(size):
    rows, columns = np.indices(size)
    rng = np.random.default_rng(0)
    image = 0.5 + 0.2 * np.sin(2 * np.pi * (rows + columns) / 9)
    image = image[..., None] + rng.normal(0, 0.05, (*size, 3))
    image = image.clip(0, 1).astype(np.float32)
    wanted = ops.convert_to_numpy(weave_loss(mean_spectrum(image[None])))[0]
    assert wanted > 0.3
    assert painting_weave(image) == pytest.approx(float(wanted), rel=1e-2)


def test_a_picture_below_a_block_has_no_weave():
    assert painting_weave(np.zeros((31, 100, 3), np.float32)) == 0


def test_colors_are_those_of_the_loss():
    image = fit_painting(WORK)
    wanted = ops.convert_to_numpy(color_covariance(image[None]))[0]
    np.testing.assert_allclose(painting_colors(image), wanted, rtol=1e-3)


def test_several_works_count_alike():
    both = pocket_aims([WORK, OTHER])
    one, other = pocket_aims([WORK]), pocket_aims([OTHER])
    assert both.weave == pytest.approx((one.weave + other.weave) / 2)
    np.testing.assert_allclose(both.colors, (one.colors + other.colors) / 2)
    for name, gram in both.grams.items():
        np.testing.assert_allclose(
            gram, (one.grams[name] + other.grams[name]) / 2, rtol=1e-5
        )
