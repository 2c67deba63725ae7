"""The pocket network by OpenVINO: what it sees, without Keras."""

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from multistyle.inference.engines.openvino.cache import compile_properties
from multistyle.inference.engines.openvino.tape import Tape, Value, number
from multistyle.perceptual.pocket_features import pocket_arrays
from multistyle.perceptual.pocket_form import POCKET_BLOCKS, POCKET_MEAN


class OpenVINOPocket:
    """Sees what `perceptual.pocket_features` does, up to rounding.

    Compiling its graph takes a third of the time of one look. Where other
    programs are busy, NumPy's threads wait for each other, and a look by NumPy
    takes several times as long.

    Args:
        core: `openvino.Core`.

    Example:
        >>> import numpy as np
        >>> import openvino as ov
        >>> from multistyle.inference.engines.openvino.pocket import (
        ...     OpenVINOPocket,
        ... )
        >>> see = OpenVINOPocket(ov.Core())
        >>> features = see(np.zeros((64, 48, 3), np.float32))
        >>> {name: maps.shape for name, maps in features.items()}["relu3_3"]
        (16, 12, 96)
    """

    def __init__(self, core: ov.Core) -> None:
        image = ops.parameter([1, 3, -1, -1], np.float32)
        features = see(Tape(), Value(ops.subtract(image, number(POCKET_MEAN))))
        self._names = list(features)
        last = np.array([0, 2, 3, 1])
        maps = [ops.transpose(x.node, last) for x in features.values()]
        self._request = core.compile_model(
            ov.Model(maps, [image]),
            "CPU",
            compile_properties(core, "float32"),
        ).create_infer_request()

    def __call__(self, image: np.ndarray) -> dict[str, np.ndarray]:
        image = np.asarray(image, np.float32).transpose(2, 0, 1)[None]
        found = self._request.infer([np.ascontiguousarray(image)])
        return {name: found[i][0] for i, name in enumerate(self._names)}


def see(tape: Tape, x: Value) -> dict[str, Value]:
    """Adds the pocket network to a graph.

    Args:
        tape: of the graph.
        x: a picture without its mean, [B, 3, H, W].

    Returns:
        Dict style layer's name -> [B, C, h, w].
    """
    arrays = pocket_arrays()

    def kernel(name: str) -> np.ndarray:
        return np.ascontiguousarray(
            arrays[f"{name}/kernel"].transpose(3, 2, 0, 1)
        )

    features = {}
    for block, widths in enumerate(POCKET_BLOCKS, 1):
        for i in range(1, len(widths) + 1):
            name = f"conv{block}_{i}"
            x = tape.convolve(x, kernel(name), padding=1)
            x = tape.shift(x, arrays[f"{name}/bias"][None, :, None, None])
            x = tape.relu(x)
        name = f"relu{block}_{len(widths)}"
        features[name] = tape.convolve(x, kernel(name))
        if block < len(POCKET_BLOCKS):
            x = tape.halve(x)
    return features
