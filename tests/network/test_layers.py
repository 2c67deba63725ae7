import keras
import numpy as np
import pytest

from multistyle.network.layers import StyledConvolution


def make_convolution(kernel, **options):
    """A layer of one channel and one style that only convolves."""
    kernel = np.asarray(kernel, np.float32)
    layer = StyledConvolution(1, len(kernel), 1, **options)
    layer.build((None, None, None, 1))
    layer.convolution.set_weights([kernel[:, :, None, None]])
    # At mean 0 and variance 1 the normalization changes nothing.
    one = np.ones((1, 1, 1, 1), np.float32)
    moments = (0 * one, one - layer.normalization.epsilon)

    def convolve(x, addend=None):
        x = np.asarray(x, np.float32)[None, :, :, None]
        if addend is not None:
            addend = np.asarray(addend, np.float32)[None, :, :, None]
        weights = np.ones((1, 1), np.float32)
        y = layer(x, weights, addend=addend, moments=moments)
        return to_numpy(y)[0, :, :, 0]

    return convolve


def to_numpy(x):
    return keras.ops.convert_to_numpy(keras.ops.cast(x, "float32"))


@pytest.mark.parametrize(
    ("options", "output_size"),
    [
        ({"kernel_size": 9, "activation": "sigmoid"}, (6, 10)),
        ({"kernel_size": 3, "strides": 2}, (3, 5)),
        ({"kernel_size": 3, "upsample": True, "activation": None}, (12, 20)),
    ],
)
def test_convolution_is_a_good_layer(check_layer, options, output_size):
    random = np.random.default_rng(0)
    size = options["kernel_size"]
    check_layer(
        StyledConvolution,
        {"filters": 5, "num_styles": 3, **options},
        [
            random.normal(0, 1, (2, 6, 10, 4)).astype(np.float32),
            random.uniform(0, 1, (2, 1, 1, 3)).astype(np.float32),
        ],
        (2, *output_size, 5),
        [(size, size, 4, 5), (3, 5), (3, 5)],
    )


def test_pads_by_reflection():
    """With zeros each sum would be 10."""
    convolve = make_convolution(np.ones((3, 3)))
    np.testing.assert_allclose(
        convolve([[1, 2], [3, 4]]), [[27, 24], [21, 18]], rtol=1e-5
    )


def test_strides_take_every_second_pixel():
    convolve = make_convolution([[1]], strides=2)
    x = np.arange(24).reshape(4, 6)
    np.testing.assert_allclose(convolve(x), x[::2, ::2], rtol=1e-5)


def test_upsampling_repeats_each_pixel():
    convolve = make_convolution([[1]], upsample=True)
    x = np.arange(6).reshape(2, 3)
    np.testing.assert_allclose(
        convolve(x), x.repeat(2, axis=0).repeat(2, axis=1), rtol=1e-5
    )


def test_the_addend_comes_before_the_activation():
    convolve = make_convolution([[1]], activation="relu")
    x = np.asarray([[1, 2], [3, 4]])
    np.testing.assert_allclose(
        convolve(x, addend=[[-3, -1], [0, 1]]), [[0, 1], [3, 5]], atol=1e-4
    )
