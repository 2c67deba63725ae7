import keras
import numpy as np
import pytest

from multistyle.perceptual.losses import gram_matrix
from multistyle.perceptual.preview import make_preview

SCALES = ["scale_1", "scale_2", "scale_3", "scale_4"]


@pytest.fixture(scope="module")
def preview():
    return make_preview()


def make_grating(angle, wavelength=4, size=64):
    """A grey wave [1, size, size, 3] that runs along `angle`, in degrees."""
    y, x = np.indices((size, size))
    angle = np.deg2rad(angle)
    along = x * np.cos(angle) + y * np.sin(angle)
    wave = 0.5 + 0.4 * np.sin(2 * np.pi * along / wavelength)
    return np.repeat(wave[None, :, :, None], 3, axis=-1).astype(np.float32)


def measure(network, image, scale):
    """Returns the mean of each channel of a layer, away from the border."""
    features = keras.ops.convert_to_numpy(network(image)[scale])
    return features[0, 4:-4, 4:-4].mean(axis=(0, 1))


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((32, 48), [(32, 48), (16, 24), (8, 12), (4, 6)]),
        ((33, 47), [(33, 47), (16, 23), (8, 11), (4, 5)]),
    ],
)
def test_each_scale_is_half_the_one_before(preview, size, sizes):
    features = preview(np.zeros((2, *size, 3), np.float32))
    assert list(features) == SCALES == list(preview.style_layers)
    for scale, expected in zip(SCALES, sizes, strict=True):
        assert tuple(features[scale].shape[:3]) == (2, *expected)


def test_each_orientation_has_its_channels(preview):
    angles = np.arange(0, 180, 22.5)
    strongest = [
        int(measure(preview, make_grating(angle), "scale_1").argmax())
        for angle in angles
    ]
    assert len(set(strongest)) == len(angles)
    # What answers to one direction is nearly silent in the other.
    upright, level = (
        measure(preview, make_grating(angle), "scale_1") for angle in (0, 90)
    )
    channel = int(upright.argmax())
    assert upright[channel] > 5 * level[channel]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_coarser_wave_speaks_to_a_coarser_scale(preview, number):
    image = make_grating(0, wavelength=4 * 2 ** (number - 1), size=96)
    strengths = [measure(preview, image, scale).max() for scale in SCALES[:3]]
    assert int(np.argmax(strengths)) == number - 1


def test_colours_differ(preview):
    grams = []
    for color in ([1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0.5]):
        image = np.zeros((1, 32, 32, 3), np.float32) + color
        gram = gram_matrix(preview(image)["scale_2"])
        grams.append(keras.ops.convert_to_numpy(gram))
    for i in range(4):
        assert np.abs(grams[i] - grams[i - 1]).max() > 100


def test_two_networks_are_the_same(preview):
    image = np.random.default_rng(0).uniform(0, 1, (1, 32, 32, 3))
    image = image.astype(np.float32)
    twin = make_preview()(image)
    for name, features in preview(image).items():
        np.testing.assert_array_equal(features, twin[name])


def test_the_content_is_the_second_scale(preview):
    image = make_grating(30)
    assert preview.content_layer == "scale_2"
    np.testing.assert_array_equal(
        preview.content_features(image), preview(image)["scale_2"]
    )


def test_it_is_frozen(preview):
    assert preview.model.trainable_weights == []
    assert len(preview.model.weights) == 4


def test_mixed_precision_sees_nearly_the_same(preview):
    image = make_grating(30)
    features = make_preview("mixed_bfloat16")(image)["scale_1"]
    assert keras.backend.standardize_dtype(features.dtype) == "bfloat16"
    expected = keras.ops.convert_to_numpy(preview(image)["scale_1"])
    features = keras.ops.convert_to_numpy(keras.ops.cast(features, "float32"))
    assert np.abs(features - expected).max() < 0.02 * expected.max()
