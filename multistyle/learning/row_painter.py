"""The row painter: frozen shared weights, and a row for each picture."""

from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.network.architecture import EPSILON
from multistyle.network.transform import TransformNetwork


class RowPainter(keras.Model):
    """Paints each picture of a batch by a row of its own.

    A row is one vector, the gammas of all layers and then the betas, so that
    it may be a variable, or what another network says. Nothing here is
    trained.

    Args:
        network: a `TransformNetwork`, whose shared weights are copied.
        dtype: a Keras dtype policy.

    Attributes:
        num_channels: list of the channels of each layer.

    Call arguments:
        image: float tensor [B, H, W, 3] in [0, 1]; four divides H and W.
        rows: float32 tensor [B, 2 R], R the sum of `num_channels`.

    Returns:
        float32 tensor [B, H, W, 3] in [0, 1].
    """

    def __init__(self, network: TransformNetwork, *, dtype: str) -> None:
        super().__init__(autocast=False)
        config = network.get_config() | {"style_names": ["x"], "credits": {}}
        self._network = TransformNetwork.from_config(config | {"dtype": dtype})
        for mine, theirs in zip(
            self._network.blocks, network.blocks, strict=True
        ):
            mine.convolution.set_weights(theirs.convolution.get_weights())
        self._network.trainable = False
        self.num_channels = [block.filters for block in network.blocks]
        self.built = True

    def call(self, image: Any, rows: Any) -> Any:
        ends = np.cumsum(self.num_channels * 2)[:-1].tolist()
        tables = ops.split(rows[:, None, None, :], ends, axis=3)
        count = len(self.num_channels)
        network = self._network
        x = ops.cast(image, network.compute_dtype)
        outputs: dict[str | None, Any] = {}
        for block, gamma, beta in zip(
            network.blocks, tables[:count], tables[count:], strict=True
        ):
            y = ops.cast(block.convolve(x), "float32")
            mean = ops.mean(y, axis=(1, 2), keepdims=True)
            variance = ops.mean(
                ops.square(y - mean), axis=(1, 2), keepdims=True
            )
            scale = gamma * ops.rsqrt(variance + EPSILON)
            y = y * scale + (beta - mean * scale)
            y = ops.cast(y, network.compute_dtype)
            addend = outputs.pop(network.addends.get(block.name), None)
            x = block.activation(y if addend is None else y + addend)
            if block.name in network.addends.values():
                outputs[block.name] = x
        return ops.cast(x, "float32")
