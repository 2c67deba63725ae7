"""ONNX for programs that take a filter as it is: one picture in, one out."""

from pathlib import Path

import numpy as np
import onnx

from multistyle.export.formats import Settings, Written
from multistyle.export.onnx.graph import build_graph
from multistyle.export.onnx.model import open_session, runtime_versions
from multistyle.network.stored_weights import take_weights
from multistyle.network.transform import TransformNetwork

MODEL_FILE = "filter.onnx"


def write(
    network: TransformNetwork, folder: Path, settings: Settings
) -> Written:
    """Writes `filter.onnx`: one blend, one input, channels first.

    Its input `image` and its output `stylized_image` are float32
    [1, 3, H, W], RGB in [0, 1], H, W >= 8.

    Args:
        network: what to write, of one style.
        folder: where, an empty one.
        settings: see `Settings`.
    """
    graph = build_graph(
        take_weights(network),
        {},
        baked=True,
        channels_first=True,
        store=settings.store,
    )
    onnx.save(graph, folder / MODEL_FILE)
    session = open_session(folder / MODEL_FILE)
    picture = {
        "dtype": "float32",
        "shape": [1, 3, "height", "width"],
        "range": [0, 1],
    }

    def paint(image: np.ndarray, style_weights: np.ndarray) -> np.ndarray:
        (painted,) = session.run(None, {"image": image.transpose(0, 3, 1, 2)})
        return painted.transpose(0, 2, 3, 1)

    return Written(
        paint,
        [{"name": "image", **picture}],
        [{"name": "stylized_image", **picture}],
        runtime_versions(),
    )
