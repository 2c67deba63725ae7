import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.strength import blend_pixels


def random_picture(seed, size=(24, 30)):
    random = np.random.default_rng(seed)
    return random.random((*size, 3), np.float32)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_blend_pixels_is_exact_at_both_ends(dtype):
    # Cubes, because differences of plain random numbers happen to be exact.
    pair = [random_picture(seed) ** 3 for seed in (0, 1)]
    if dtype is np.uint8:
        pair = [(image * 255).astype(np.uint8) for image in pair]
    for strength in (0, 1, 0.0, 1.0):
        mixed = blend_pixels(*pair, strength)
        assert mixed.dtype == dtype
        np.testing.assert_array_equal(mixed, pair[int(strength)])


def test_blend_pixels_in_the_middle():
    black = np.zeros((2, 2, 3), np.uint8)
    white = np.full((2, 2, 3), 255, np.uint8)
    mixed = blend_pixels(black, white, 0.25)
    np.testing.assert_array_equal(mixed, 64)
    mixed = blend_pixels(black, white.astype(np.float32) / 255, 0.25)
    np.testing.assert_array_equal(mixed, np.float32(0.25))


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_out_of_range_is_named(strength):
    image = random_picture(0)
    with pytest.raises(InputError, match=f"from 0 to 1; got `{strength}`"):
        blend_pixels(image, image, strength)


def test_blend_pixels_by_a_map():
    first, second = random_picture(0) ** 3, random_picture(1) ** 3
    strength = np.zeros(first.shape[:2])
    strength[:, 10:20] = 0.25
    strength[:, 20:] = 1
    mixed = blend_pixels(first, second, strength)
    np.testing.assert_array_equal(mixed[:, :10], first[:, :10])
    np.testing.assert_array_equal(mixed[:, 20:], second[:, 20:])
    np.testing.assert_allclose(
        mixed[:, 10:20],
        0.75 * first[:, 10:20] + 0.25 * second[:, 10:20],
        atol=1e-6,
    )
    strength[3, 3] = 1.5
    with pytest.raises(InputError, match=r"from 0 to 1; got `1\.5`"):
        blend_pixels(first, second, strength)


def test_different_sizes_are_both_named():
    sizes = random_picture(0, (4, 5)), random_picture(0, (5, 4))
    with pytest.raises(ValueError, match=r"\(4, 5, 3\) and \(5, 4, 3\)"):
        blend_pixels(*sizes, 0.5)
