import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.inference.passes.moments import (
    NUM_PATCHES,
    affordable_patches,
    estimate_moments,
)

WEIGHTS = np.array([0.5, 0.2, 0.3], np.float32)


def own_moments(network, image):
    inputs = {
        "image": to_float(image)[None],
        "style_weights": WEIGHTS[None],
    }
    return network.measure(inputs)[1]


@pytest.mark.parametrize("size", [(128, 160), (125, 94)])
def test_all_patches_have_nearly_the_moments_of_the_picture(
    small_layers, small_network, size
):
    image = read_image(sample_photographs()[0])[: size[0], : size[1]]
    estimated = estimate_moments(small_layers, image, lambda window: WEIGHTS)
    for name, (mean, variance) in own_moments(small_network, image).items():
        deviation = np.sqrt(variance)
        assert np.abs(estimated[name][0] - mean).max() < 0.1 * deviation.max()
        np.testing.assert_allclose(
            np.sqrt(estimated[name][1]) / deviation, 1, atol=0.15
        )


def test_the_first_layer_is_exact_where_all_patches_are_seen(
    small_layers, small_network
):
    image = read_image(sample_photographs()[0])[:128, :128]
    estimated = estimate_moments(small_layers, image, lambda window: WEIGHTS)
    measured = own_moments(small_network, image)
    for own, expected in zip(
        estimated["contract_1"], measured["contract_1"], strict=True
    ):
        np.testing.assert_allclose(own, expected, rtol=1e-3, atol=1e-4)


def test_a_flat_picture_needs_one_patch(small_layers):
    image = np.full((256, 256, 3), 90, np.uint8)
    few, all_of_them = (
        estimate_moments(small_layers, image, lambda window: WEIGHTS, count)
        for count in (1, 16)
    )
    for name in few:
        np.testing.assert_allclose(
            few[name][0], all_of_them[name][0], atol=1e-2
        )


def test_little_memory_affords_fewer_patches(small_layers):
    # Three arrays of 96 x 96 pixels and 8 channels, in float32.
    patch_bytes = 96 * 96 * 8 * 3 * 4
    assert affordable_patches(small_layers, 1e12) == NUM_PATCHES
    assert affordable_patches(small_layers, 100.5 * patch_bytes) == 100
    assert affordable_patches(small_layers, 0) == 16
