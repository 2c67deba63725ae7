"""The layer that the transform network is made of, sixteen times."""

from typing import Any

import keras
from keras import ops

from multistyle.network.normalization import (
    ConditionalInstanceNormalization,
    LayerMoments,
    Shape,
    Tensor,
)


@keras.saving.register_keras_serializable("multistyle")
class StyledConvolution(keras.layers.Layer):
    """Reflection padding, convolution, normalization, sum, activation.

    The one building block of the transform network; it has no bias, because
    the normalization that follows would take it away.

    Args:
        filters: channels F of the result.
        kernel_size: an odd number of pixels.
        num_styles: rows of the normalization's tables.
        strides: 1 or 2; 2 halves height and width, odd ones rounded up.
        upsample: whether to double height and width first, by nearest
            neighbour (no checkerboard, unlike a transposed convolution).
        activation: name of a Keras activation, or None.
        **kwargs: of `keras.layers.Layer`.

    Call arguments:
        x: float tensor [B, h, w, C].
        style_weights, moments, return_moments: see
            `ConditionalInstanceNormalization`.
        addend: None, or a tensor of the result's shape that is added after
            the normalization and before the activation.

    Returns:
        Tensor [B, h', w', F], or the pair of it and the moments.

    Example:
        >>> import numpy as np
        >>> from multistyle.network.layers import StyledConvolution
        >>> layer = StyledConvolution(16, 3, num_styles=2, strides=2)
        >>> x = np.zeros((1, 32, 48, 3), np.float32)
        >>> tuple(layer(x, np.array([[1, 0]], np.float32)).shape)
        (1, 16, 24, 16)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        num_styles: int,
        *,
        strides: int = 1,
        upsample: bool = False,
        activation: str | None = "relu",
        **kwargs: Any,
    ) -> None:
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

    def build(
        self, x_shape: Shape, style_weights_shape: Shape | None = None
    ) -> None:
        self.convolution.build((None, None, None, x_shape[-1]))
        self.normalization.build((None, None, None, self.filters))

    def call(
        self,
        x: Tensor,
        style_weights: Tensor,
        addend: Tensor | None = None,
        moments: LayerMoments | None = None,
        return_moments: bool = False,
    ) -> Tensor | tuple[Tensor, LayerMoments]:
        return self.finish(
            self.convolve(x), style_weights, addend, moments, return_moments
        )

    def convolve(self, x: Tensor) -> Tensor:
        """Does all that comes before the normalization."""
        if self.upsample:
            x = _double(x)
        pad = self.kernel_size // 2
        x = ops.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]], mode="reflect")
        return self.convolution(x)

    def finish(
        self,
        x: Tensor,
        style_weights: Tensor,
        addend: Tensor | None = None,
        moments: LayerMoments | None = None,
        return_moments: bool = False,
    ) -> Tensor | tuple[Tensor, LayerMoments]:
        """Does the rest, with what `convolve` gives; see the call."""
        x, moments = self.normalization(
            x, style_weights, moments=moments, return_moments=True
        )
        if addend is not None:
            x = x + addend
        x = self.activation(x)
        return (x, moments) if return_moments else x

    def compute_output_shape(
        self, x_shape: Shape, style_weights_shape: Shape | None = None
    ) -> Shape:
        def fit(size):
            if size is None:
                return None
            return size * 2 if self.upsample else -(-size // self.strides)

        return (x_shape[0], fit(x_shape[1]), fit(x_shape[2]), self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "num_styles": self.num_styles,
            "strides": self.strides,
            "upsample": self.upsample,
            "activation": keras.activations.serialize(self.activation),
        }


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
