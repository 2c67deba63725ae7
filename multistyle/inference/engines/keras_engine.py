"""The engine that runs every network, compiled by Keras' backend."""

import json
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from multistyle.inference.engines.engine import Engine, Moments
from multistyle.inference.engines.keras_layers import KerasLayers
from multistyle.network.growth import append_styles, style_rows
from multistyle.network.rows import Rows
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork


class KerasEngine:
    """Paints by the Keras network; see `Engine` for its calls.

    Args:
        network: what paints.
        finisher: see `Engine`.

    Example:
        >>> import multistyle
        >>> import numpy as np
        >>> from multistyle.inference.engines.keras_engine import KerasEngine
        >>> engine = KerasEngine(multistyle.TransformNetwork(["a", "b"]))
        >>> photograph = np.zeros((64, 48, 3), np.float32)
        >>> engine.paint(photograph, np.array([1, 0])).shape
        (64, 48, 3)
    """

    def __init__(
        self, network: TransformNetwork, finisher: Engine | None = None
    ) -> None:
        self.network = network
        self.finisher = finisher
        self._calls: dict[tuple[bool, bool], keras.Model] = {}

    def __reduce__(self):
        # Keras' own lists cannot be pickled.
        config = json.dumps(self.network.get_config())
        return _restore, (config, self.network.get_weights(), self.finisher)

    @property
    def runs_in_threads(self) -> bool:
        return keras.config.backend() == "tensorflow"

    @property
    def style_names(self) -> list[str]:
        return list(self.network.style_names)

    @property
    def precision(self) -> str:
        return self.network.compute_dtype

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.network)

    @property
    def rows(self) -> Rows:
        return style_rows(self.network, self.style_names)

    def with_styles(self, names: Sequence[str], rows: Rows) -> "KerasEngine":
        network = append_styles(self.network, names, rows)
        return KerasEngine(network, self.finisher)

    def with_finisher(self, finisher: Engine | None) -> "KerasEngine":
        return KerasEngine(self.network, finisher)

    def pocket(self) -> None:
        return None

    def row_gradient(self) -> None:
        return None  # Learning has its own by Keras.

    def layers(self) -> KerasLayers:
        return KerasLayers(self.network)

    def pixel_bytes(self, has_map: bool) -> float:
        # Measured at widths 0.25 to 1.0 on TensorFlow, at 1024 px.
        width = self.network.blocks[0].filters
        size = 70 + 34 * width
        if has_map:
            size += 8 * width + 30 * self.network.num_styles
        return size

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> np.ndarray | tuple[np.ndarray, Moments]:
        has_map = style_weights.ndim == 3
        if not has_map:
            style_weights = style_weights[None, None]
        inputs: dict[str, Any] = {
            "image": image[None],
            "style_weights": style_weights[None],
        }
        if moments is not None:
            inputs["moments"] = moments
        # One for each kind: TensorFlow would make one trace for all, and
        # treat every blend as a map, at 1.4 times the time at width 0.25.
        kind = has_map, moments is not None
        if kind not in self._calls:
            self._calls[kind] = _CompiledCall(self.network)
        picture, used = self._calls[kind].predict_on_batch(inputs)
        picture = np.asarray(picture[0], np.float32)
        return (picture, used) if return_moments else picture


def _restore(config, weights, finisher):
    """Makes the same engine in another process."""
    network = TransformNetwork.from_config(json.loads(config))
    network.set_weights(weights)
    return KerasEngine(network, finisher)


class _CompiledCall(keras.Model):
    """The network's call, compiled by the backend.

    By `predict_on_batch`, measured against the eager call on two cores: on
    TensorFlow at 512 px 0.57 s to 0.68 s at width 1.0, and 0.11 s to 0.17 s at
    0.25; on JAX 1.8 s to 2.1 s at 1.0, and a new size costs 1.3 s in place of
    4 s at 0.25; on PyTorch both are one. TensorFlow traces the first two sizes
    that it meets and none after.
    """

    def __init__(self, network):
        super().__init__(name="compiled_call")
        self.network = network

    def call(self, inputs):
        return self.network.measure(inputs, inputs.get("moments"))
