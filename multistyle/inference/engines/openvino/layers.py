"""The layers of a network, run one at a time by OpenVINO and NumPy."""

import functools

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from multistyle.inference.engines.layers import LayerMoments
from multistyle.inference.engines.openvino.cache import compile_properties
from multistyle.inference.engines.openvino.signal_stacks import (
    kept_signal_stack,
)
from multistyle.network.architecture import (
    DOUBLING_LAYERS,
    EPSILON,
    FLAT,
    HALVING_LAYERS,
    find_addends,
)
from multistyle.network.rows import Rows
from multistyle.network.stored_weights import LayerWeights, NetworkWeights


class OpenVINOLayers:
    """Runs a network's layers in float32, without Keras; see `Layers`.

    Args:
        core: `openvino.Core`.
        weights: of the network.
        rows: of all its styles, those that were added included.

    Example:
        >>> import numpy as np
        >>> import openvino as ov
        >>> from multistyle.inference.engines.openvino.layers import (
        ...     OpenVINOLayers,
        ... )
        >>> from multistyle.network.models import find_model
        >>> from multistyle.network.stored_weights import read_weights
        >>> weights = read_weights(find_model("paintings-fast"))
        >>> layers = OpenVINOLayers(ov.Core(), weights, weights.rows)
        >>> layers.blocks[0].convolve(np.zeros((1, 40, 50, 3), "f4")).shape
        (1, 32, 42, 8)
    """

    def __init__(
        self, core: ov.Core, weights: NetworkWeights, rows: Rows
    ) -> None:
        addends = find_addends(weights.skip_connections)
        self.extend_image = weights.extend_image
        self.blocks = [
            _OpenVINOLayer(
                core, layer, rows[layer.name], addends.get(layer.name)
            )
            for layer in weights.layers
        ]


class _OpenVINOLayer:
    """See `Layer`; its tables are (gamma, beta), each float32 [N, F]."""

    def __init__(
        self,
        core: ov.Core,
        layer: LayerWeights,
        tables: tuple[np.ndarray, np.ndarray],
        addend: str | None,
    ) -> None:
        self._core = core
        self._kernel = layer.kernel
        self._tables = tables
        self.name = layer.name
        self.kernel_size = layer.kernel.shape[0]
        self.filters = layer.kernel.shape[3]
        self.strides = 2 if layer.name in HALVING_LAYERS else 1
        self.upsample = layer.name in DOUBLING_LAYERS
        self.addend = addend

    def convolve(self, x: np.ndarray) -> np.ndarray:
        # A request of its own: several threads may ask.
        request = self._convolution.create_infer_request()
        return request.infer([x], share_inputs=True)[0]

    def finish(
        self,
        x: np.ndarray,
        style_weights: np.ndarray,
        addend: np.ndarray | None,
        moments: LayerMoments,
    ) -> np.ndarray:
        mean, variance = moments
        weights = _fit(style_weights, x.shape[1:3])
        gamma, beta = (weights @ table for table in self._tables)
        # As in `network.normalization`.
        varied = np.clip(variance / (FLAT * (1 + mean**2)) - 1, 0, 1)
        scale = gamma / np.sqrt(variance + EPSILON) * varied
        y = x * scale.astype(np.float32)
        y += (beta - mean * scale).astype(np.float32)
        if addend is not None:
            y += addend
        if self.name == "expand_3":  # The sigmoid.
            np.exp(-y, out=y)
            y += 1
            return np.divide(1, y, out=y)
        if self.name.startswith("residual") and addend is not None:
            return y
        return np.maximum(y, 0, out=y)

    @functools.cached_property
    def _convolution(self) -> ov.CompiledModel:
        _, _, channels, _ = self._kernel.shape
        x = ops.parameter([-1, -1, -1, channels], np.float32)
        kernel = np.ascontiguousarray(self._kernel.transpose(3, 2, 0, 1))
        convolved = ops.convolution(
            ops.transpose(x, np.array([0, 3, 1, 2])),
            ops.constant(kernel),
            [self.strides] * 2,
            [0, 0],
            [0, 0],
            [1, 1],
        )
        result = ops.transpose(convolved, np.array([0, 2, 3, 1]))
        properties = compile_properties(self._core, "float32")
        with kept_signal_stack():
            return self._core.compile_model(
                ov.Model([result], [x]), "CPU", properties
            )


def _fit(style_weights, size):
    """Brings [B, H, W, N] to the nearest of a size, but for [B, 1, 1, N]."""
    if style_weights.shape[1:3] == (1, 1):
        return style_weights
    rows, columns = (
        np.arange(after) * before // after
        for before, after in zip(style_weights.shape[1:3], size, strict=True)
    )
    return style_weights[:, rows[:, None], columns]
