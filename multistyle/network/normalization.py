"""The normalization that chooses a style."""

from typing import Any

import keras
from keras import ops

from multistyle.network.architecture import EPSILON, FLAT

# A tensor of Keras' backend, or a NumPy array.
Tensor = Any
Shape = tuple[int | None, ...]
# The mean and the variance of each channel, each float32 [B, 1, 1, C].
LayerMoments = tuple[Tensor, Tensor]


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
        num_styles: rows N of the two tables.
        epsilon: added to the variance; 1e-5 as in magenta's network.
        **kwargs: of `keras.layers.Layer`.

    Call arguments:
        x: float tensor [B, h, w, C].
        style_weights: float tensor [B, N], [B, 1, 1, N] for one blend a
            picture, or [B, H, W, N] for a map; a map of another size than
            h x w is resized to the nearest neighbour.
        moments: None, to measure them, or the pair (mean, variance) to use,
            each float32 [B, 1, 1, C].
        return_moments: whether to return the moments used, too.

    Returns:
        Tensor [B, h, w, C] in the compute dtype, or the pair of it and
        (mean, variance), each float32 [B, 1, 1, C].

    Example:
        >>> import numpy as np
        >>> from multistyle.network.normalization import (
        ...     ConditionalInstanceNormalization,
        ... )
        >>> layer = ConditionalInstanceNormalization(num_styles=3)
        >>> x = np.random.default_rng(0).random((2, 16, 24, 8), np.float32)
        >>> blends = np.array([[1, 0, 0], [0, 0.5, 0.5]], np.float32)
        >>> tuple(layer(x, blends).shape)
        (2, 16, 24, 8)

    Reference:
        Dumoulin et al., 2017, "A Learned Representation for Artistic Style",
        eq. 5.
    """

    def __init__(
        self, num_styles: int, *, epsilon: float = EPSILON, **kwargs: Any
    ) -> None:
        # Not cast on entry: weights and moments stay float32.
        super().__init__(autocast=False, **kwargs)
        self.num_styles = num_styles
        self.epsilon = epsilon

    def build(
        self, x_shape: Shape, style_weights_shape: Shape | None = None
    ) -> None:
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

    def call(
        self,
        x: Tensor,
        style_weights: Tensor,
        moments: LayerMoments | None = None,
        return_moments: bool = False,
    ) -> Tensor | tuple[Tensor, LayerMoments]:
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

    def compute_output_shape(
        self, x_shape: Shape, style_weights_shape: Shape | None = None
    ) -> Shape:
        return x_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_styles": self.num_styles,
            "epsilon": self.epsilon,
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
