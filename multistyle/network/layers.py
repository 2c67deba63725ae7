"""The layers that the transform network is made of."""

import keras
from keras import ops

from multistyle.network.architecture import EPSILON, FLAT


@keras.saving.register_keras_serializable("multistyle")
class ConditionalInstanceNormalization(keras.layers.Layer):
    """Instance normalization whose scale and shift are chosen by style.

    Each channel of each picture is brought to mean 0 and variance 1 over its
    height and width, then scaled and shifted by the blended rows of two
    tables:

    y = (x - mean) / sqrt(variance + epsilon) * (w gamma) + (w beta).

    Moments are two-pass and float32 whatever the compute dtype: the one-pass
    form E[x^2] - E[x]^2 goes negative on flat pictures and gives NaN.

    A channel that is flat but for rounding becomes w beta: sixteen of these
    layers, each up to 1 / sqrt(epsilon) = 316 times as large, would make
    colours of the rounding. Flat is what has a variance below 1e-8 (1 +
    mean^2), measured or given; from there to twice that much the contrast
    comes in evenly, so that a film shows no jump.

    Args:
        num_styles: int, rows N of the two tables.
        epsilon: float, added to the variance; 1e-5 as in magenta's network.
        **kwargs: of `keras.layers.Layer`.

    Call arguments:
        x: float tensor [B, h, w, C].
        style_weights: float tensor [B, N], [B, 1, 1, N] for one blend a
            picture, or [B, H, W, N] for a map; a map of another size than
            h x w is resized to the nearest neighbour.
        moments: None, to measure them, or the pair (mean, variance) to use,
            each float32 [B, 1, 1, C].
        return_moments: bool, whether to return the moments used, too.

    Returns:
        Tensor [B, h, w, C] in the compute dtype, or the pair of it and
        (mean, variance), each float32 [B, 1, 1, C].

    Reference:
        Dumoulin et al., 2017, "A Learned Representation for Artistic Style",
        eq. 5.
    """

    def __init__(self, num_styles, epsilon=EPSILON, **kwargs):
        # Not cast on entry: weights and moments stay float32.
        super().__init__(autocast=False, **kwargs)
        self.num_styles = num_styles
        self.epsilon = epsilon

    def build(self, x_shape, style_weights_shape=None):
        shape = (self.num_styles, x_shape[-1])
        self.gamma = self.add_weight(
            name="gamma",
            shape=shape,
            initializer="ones",
            dtype="float32",
            autocast=False,
        )
        self.beta = self.add_weight(
            name="beta",
            shape=shape,
            initializer="zeros",
            dtype="float32",
            autocast=False,
        )

    def call(self, x, style_weights, moments=None, return_moments=False):
        weights = self._fit_weights(style_weights, ops.shape(x))
        gamma = ops.matmul(weights, self.gamma)
        beta = ops.matmul(weights, self.beta)
        x = ops.cast(x, "float32")
        if moments is None:
            mean = _spatial_mean(x)
            moments = mean, _spatial_mean(ops.square(x - mean))
        mean, variance = moments
        scale = gamma * ops.rsqrt(variance + self.epsilon)
        scale = scale * _how_varied(mean, variance)
        y = ops.cast(x * scale + (beta - mean * scale), self.compute_dtype)
        return (y, moments) if return_moments else y

    def _fit_weights(self, style_weights, shape):
        """Brings style weights to float32 [B, 1 or h, 1 or w, N]."""
        weights = ops.cast(style_weights, "float32")
        if len(weights.shape) == 2:
            return weights[:, None, None, :]
        if weights.shape[1] == 1 and weights.shape[2] == 1:
            return weights
        # By gather: resizing an image to a dynamic size fails on TensorFlow.
        for axis in (1, 2):
            index = ops.arange(shape[axis], dtype="int32")
            size = ops.shape(weights)[axis]
            index = (index * size) // shape[axis]
            weights = ops.take(weights, index, axis=axis)
        return weights

    def compute_output_shape(self, x_shape, style_weights_shape=None):
        return x_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_styles": self.num_styles,
            "epsilon": self.epsilon,
        }


@keras.saving.register_keras_serializable("multistyle")
class StyledConvolution(keras.layers.Layer):
    """Reflection padding, convolution, normalization, sum, activation.

    The one building block of the transform network; it has no bias, because
    the normalization that follows would take it away.

    Args:
        filters: int, channels F of the result.
        kernel_size: odd int, pixels.
        num_styles: int, rows of the normalization's tables.
        strides: int, 1 or 2; 2 halves height and width, odd ones rounded up.
        upsample: bool, whether to double height and width first, by nearest
            neighbour (no checkerboard, unlike a transposed convolution).
        activation: name of a Keras activation, or None.
        **kwargs: of `keras.layers.Layer`.

    Call arguments:
        x: float tensor [B, h, w, C].
        style_weights, moments, return_moments: as of
            `ConditionalInstanceNormalization`.
        addend: None, or a tensor of the result's shape that is added after
            the normalization and before the activation.

    Returns:
        Tensor [B, h', w', F], or the pair of it and the moments.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        num_styles,
        strides=1,
        upsample=False,
        activation="relu",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.num_styles = num_styles
        self.strides = strides
        self.upsample = upsample
        self.activation = keras.activations.get(activation)
        self.convolution = keras.layers.Conv2D(
            filters,
            kernel_size,
            strides,
            padding="valid",
            use_bias=False,
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.normalization = ConditionalInstanceNormalization(
            num_styles, dtype=self.dtype_policy, name="normalization"
        )

    def build(self, x_shape, style_weights_shape=None):
        self.convolution.build((None, None, None, x_shape[-1]))
        self.normalization.build((None, None, None, self.filters))

    def call(
        self,
        x,
        style_weights,
        addend=None,
        moments=None,
        return_moments=False,
    ):
        return self.finish(
            self.convolve(x), style_weights, addend, moments, return_moments
        )

    def convolve(self, x):
        """The first half: all that comes before the normalization."""
        if self.upsample:
            x = _double(x)
        pad = self.kernel_size // 2
        x = ops.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]], mode="reflect")
        return self.convolution(x)

    def finish(
        self,
        x,
        style_weights,
        addend=None,
        moments=None,
        return_moments=False,
    ):
        """The second half, of what `convolve` gives; see the call."""
        x, moments = self.normalization(
            x, style_weights, moments=moments, return_moments=True
        )
        if addend is not None:
            x = x + addend
        x = self.activation(x)
        return (x, moments) if return_moments else x

    def compute_output_shape(self, x_shape, style_weights_shape=None):
        def fit(size):
            if size is None:
                return None
            return size * 2 if self.upsample else -(-size // self.strides)

        return (x_shape[0], fit(x_shape[1]), fit(x_shape[2]), self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "num_styles": self.num_styles,
            "strides": self.strides,
            "upsample": self.upsample,
            "activation": keras.activations.serialize(self.activation),
        }


def _spatial_mean(x):
    """Returns the means of [B, h, w, C] over its places, [B, 1, 1, C].

    Row by row, because one sum over all places rounds: on TensorFlow the mean
    of 2048 x 2048 equal numbers would be wrong by up to 1 %.
    """
    return ops.mean(ops.mean(x, axis=2, keepdims=True), axis=1, keepdims=True)


def _how_varied(mean, variance):
    """Returns 0 for a flat channel, 1 for others, in between for a few.

    It is a constant to the gradient.
    """
    share = variance / (FLAT * (1.0 + ops.square(mean)))
    return ops.stop_gradient(ops.clip(share - 1.0, 0.0, 1.0))


def _double(x):
    """Doubles height and width of [B, h, w, C] by nearest neighbour.

    One axis after the other, because the gradient is then a sum over one axis
    at a time, which takes TensorFlow less than half as long on a CPU.
    """
    channels = x.shape[-1]
    batch, height, width, _ = ops.shape(x)
    for count, length in (
        (batch * height * width, channels),
        (batch * height, 2 * width * channels),
    ):
        x = ops.reshape(x, (count, 1, length))
        x = ops.broadcast_to(x, (count, 2, length))
    return ops.reshape(x, (batch, height * 2, width * 2, channels))
