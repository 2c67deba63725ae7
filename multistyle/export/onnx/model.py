"""ONNX: the network for ONNX Runtime, OpenVINO and others, of any size."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from multistyle.export.formats import (
    Settings,
    Written,
    describe_picture,
    describe_tiles,
    describe_weights,
)
from multistyle.export.onnx.graph import build_graph
from multistyle.export.onnx.levels import build_enlarge, build_settle
from multistyle.export.onnx.nodes import describe_graph
from multistyle.export.onnx.plan import build_plan
from multistyle.export.onnx.view import FAR
from multistyle.network.stored_weights import take_weights
from multistyle.network.transform import TransformNetwork

MODEL_FILE = "model.onnx"
_QUIET = 3


def write(
    network: TransformNetwork, folder: Path, settings: Settings
) -> Written:
    """Writes `model.onnx`, built with `onnx` alone.

    Its inputs and outputs are those of `build_graph`. The file's metadata
    hold `styles`, the names in the order of the weights, as JSON. Unless the
    style is baked, `plan.onnx`, `enlarge.onnx` and `settle.onnx` beside it are
    what a picture of any size needs besides; see `onnx.plan`, `onnx.levels`.

    Args:
        network: what to write.
        folder: where, an empty one.
        settings: see `Settings`.
    """
    graph = build_graph(
        take_weights(network),
        {"styles": json.dumps(network.style_names, ensure_ascii=False)},
        baked=settings.baked,
        store=settings.store,
    )
    onnx.save(graph, folder / MODEL_FILE)
    session = open_session(folder / MODEL_FILE)
    inputs = [describe_picture("image", batch=1)]
    outputs = [describe_picture("stylized_image", batch=1)]
    others = None
    if not settings.baked:
        inputs.append(describe_weights(network.num_styles, batch=1))
        more, measured = describe_tiles(session.get_outputs()[1].shape[1])
        window = {
            "name": "window",
            "dtype": "int64",
            "shape": [4],
            "range": "top, left, bottom, right of the part to be painted and "
            "measured, the first two multiples of 4",
            "default": [0, 0, FAR, FAR],
        }
        # A file has one signature, whose inputs may have defaults.
        for tensor, default in zip(more, (-1, 0), strict=True):
            inputs.append({**tensor, "default": default})
        inputs.append(window)
        outputs += measured
        filters = [block.filters for block in network.blocks]
        graphs = {
            "plan.onnx": build_plan(filters),
            "enlarge.onnx": build_enlarge(),
            "settle.onnx": build_settle(),
        }
        for name, other in graphs.items():
            onnx.save(other, folder / name)
        others = {name: describe_graph(other) for name, other in graphs.items()}

    def paint(image: np.ndarray, style_weights: np.ndarray) -> np.ndarray:
        feed = {"image": image}
        if not settings.baked:
            feed["style_weights"] = style_weights
        return session.run(["stylized_image"], feed)[0]

    return Written(paint, inputs, outputs, runtime_versions(), others=others)


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """Opens a file in ONNX Runtime, on the processor."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _QUIET
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"]
    )


def runtime_versions() -> dict[str, str]:
    """Returns what made the file and ran it."""
    return {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}
