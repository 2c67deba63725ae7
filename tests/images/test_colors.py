"""What keeping colours keeps."""

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images import colors
from multistyle.images.lab import lab_to_rgb, rgb_to_lab


def random_picture(seed, size=(24, 32)):
    return np.random.default_rng(seed).random((*size, 3), np.float32)


def test_keep_colors_none_changes_nothing():
    stylized = random_picture(1)
    kept = colors.keep_colors(random_picture(0), stylized, "none")
    np.testing.assert_array_equal(kept, stylized)


def test_keep_colors_takes_lightness_and_colour_from_where_it_says():
    # Dull colours of near lightness, so that nothing leaves the gamut.
    photograph = 0.4 + 0.2 * random_picture(0)
    stylized = 0.4 + 0.2 * random_picture(1)
    kept = rgb_to_lab(colors.keep_colors(photograph, stylized, "luminance"))
    expected = rgb_to_lab(photograph)
    expected[..., 0] = rgb_to_lab(stylized)[..., 0]
    np.testing.assert_allclose(kept, expected, atol=1e-2)


@pytest.mark.parametrize("mode", ["luminance", "histogram"])
def test_keep_colors_of_a_grey_photograph_is_grey(mode):
    grey = np.linspace(0.2, 0.8, 64, dtype=np.float32).reshape(8, 8, 1)
    kept = colors.keep_colors(
        np.repeat(grey, 3, axis=2), random_picture(1, (8, 8)), mode
    )
    assert np.ptp(kept, axis=-1).max() < 1e-3
    assert np.ptp(kept) > 0.3


@pytest.mark.parametrize("mode", ["luminance", "histogram"])
def test_keep_colors_of_a_picture_with_itself_is_that_picture(mode):
    image = random_picture(3)
    kept = colors.keep_colors(image, image, mode)
    np.testing.assert_allclose(kept, image, atol=1e-3)


@pytest.mark.parametrize("mode", ["luminance", "histogram"])
def test_keep_colors_stays_in_the_gamut(mode):
    kept = colors.keep_colors(random_picture(0), random_picture(1), mode)
    assert kept.dtype == np.float32
    assert kept.min() >= 0 and kept.max() <= 1


def test_a_linear_change_of_colours_is_undone():
    # Dull colours, so that nothing leaves the gamut. A symmetric positive map
    # is the one that moves colours least, so that it is found again.
    photograph = 0.4 + 0.2 * random_picture(0, (64, 64))
    lab = rgb_to_lab(photograph)
    mean = lab.mean(axis=(0, 1))
    matrix = np.array([[1.5, 0.2, 0], [0.2, 0.8, 0.1], [0, 0.1, 1.2]])
    stylized = lab_to_rgb((lab - mean) @ matrix + mean + [8, -5, 6])
    kept = colors.keep_colors(photograph, stylized, "histogram")
    np.testing.assert_allclose(kept, photograph, atol=0.02)


def test_histogram_gives_the_photograph_s_distribution():
    photograph = 0.3 + 0.4 * random_picture(0, (64, 64)) ** 2
    stylized = 0.5 + 0.2 * random_picture(1, (64, 64)) @ np.array(
        [[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0, 0.2, 0.8]], np.float32
    )
    kept = colors.keep_colors(photograph, stylized, "histogram")
    shares = np.linspace(0.02, 0.98, 13)
    found, wanted = (
        np.quantile(rgb_to_lab(image), shares, axis=(0, 1))
        for image in (kept, photograph)
    )
    np.testing.assert_allclose(found, wanted, atol=2.5)


def test_the_noise_of_a_grey_picture_does_not_become_colour():
    random = np.random.default_rng(2)
    stylized = np.repeat(random.random((48, 48, 1), np.float32), 3, axis=2)
    stylized += random.normal(0, 2e-3, stylized.shape).astype(np.float32)
    stylized = stylized.clip(0, 1)
    photograph = random_picture(0, (48, 48)) ** 2
    kept = colors.keep_colors(photograph, stylized, "histogram")
    found, wanted = (
        np.std(rgb_to_lab(image), axis=(0, 1)) for image in (kept, photograph)
    )
    assert (wanted[1:] > 20).all() and (found[1:] < wanted[1:] / 2).all()


def test_a_flat_picture_gets_one_colour_of_the_photograph():
    photograph = 0.4 + 0.2 * random_picture(0)
    flat = np.full_like(photograph, (0.9, 0.2, 0.3))
    kept = colors.keep_colors(photograph, flat, "histogram")
    mean = rgb_to_lab(photograph).mean(axis=(0, 1))
    found = rgb_to_lab(kept)
    assert np.ptp(kept.reshape(-1, 3), axis=0).max() == 0
    np.testing.assert_allclose(found[0, 0], mean, atol=2)


def test_an_unknown_way_lists_the_known_ones():
    image = random_picture(0)
    with pytest.raises(
        InputError, match="none, luminance, histogram; got `hue`"
    ):
        colors.keep_colors(image, image, "hue")


def test_different_sizes_are_both_named():
    sizes = random_picture(0, (4, 5)), random_picture(0, (5, 4))
    with pytest.raises(ValueError, match=r"\(4, 5, 3\) and \(5, 4, 3\)"):
        colors.keep_colors(*sizes, "luminance")
