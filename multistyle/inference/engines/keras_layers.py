"""The layers of a Keras network, run one at a time."""

import numpy as np
from keras import ops

from multistyle.inference.engines.layers import LayerMoments
from multistyle.network.layers import StyledConvolution
from multistyle.network.transform import TransformNetwork


class KerasLayers:
    """Runs a network's layers by Keras; see `Layers`.

    Args:
        network: whose they are.
    """

    def __init__(self, network: TransformNetwork) -> None:
        self.extend_image = network.extend_image
        self.blocks = [
            _KerasLayer(block, network.addends.get(block.name))
            for block in network.blocks
        ]


class _KerasLayer:
    """See `Layer`."""

    def __init__(self, block: StyledConvolution, addend: str | None) -> None:
        self._block = block
        self.name = block.name
        self.filters = block.filters
        self.kernel_size = block.kernel_size
        self.strides = block.strides
        self.upsample = block.upsample
        self.addend = addend

    def convolve(self, x: np.ndarray) -> np.ndarray:
        convolved = self._block.convolution(ops.convert_to_tensor(x))
        return ops.convert_to_numpy(convolved)

    def finish(
        self,
        x: np.ndarray,
        style_weights: np.ndarray,
        addend: np.ndarray | None,
        moments: LayerMoments,
    ) -> np.ndarray:
        finished = self._block.finish(
            ops.convert_to_tensor(x),
            ops.convert_to_tensor(style_weights),
            None if addend is None else ops.convert_to_tensor(addend),
            moments,
        )
        return ops.convert_to_numpy(finished)
