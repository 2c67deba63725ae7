"""The fast engine: the network as one graph of OpenVINO, without Keras."""

import copy
import io
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openvino as ov

from multistyle.blends.names import append_style_names
from multistyle.errors import InputError
from multistyle.inference.engines.engine import Engine, Moments
from multistyle.inference.engines.openvino.cache import load_graph
from multistyle.inference.engines.openvino.signal_stacks import (
    kept_signal_stack,
)
from multistyle.inference.engines.openvino.spreading import (
    gather_moments,
    spread,
    spread_moments,
)
from multistyle.learning.refining import RowGradient
from multistyle.network.architecture import EXTENSION, extension
from multistyle.network.rows import Rows, join_layers, split_layers
from multistyle.network.stored_weights import read_weights
from multistyle.perceptual.pocket_features import PocketFeatures

if TYPE_CHECKING:
    from multistyle.inference.engines.openvino.layers import OpenVINOLayers
    from multistyle.network.transform import TransformNetwork

# OpenVINO makes its table of types when one is first asked for. Two threads
# that ask at once wait for each other without end, so it is made here.
ov.Type.f32.to_dtype()


class OpenVINOEngine:
    """Paints by OpenVINO; see `Engine` for its calls.

    The rows of gamma and beta are inputs of the graph, so a blend of many
    styles is one product of its weights with the tables, before the painting,
    and further styles need no other graph. Weights that vary over the picture
    have a graph of their own, made when it is first needed; it takes the
    tables of the styles that are in the picture, so that others cost nothing.

    Args:
        model: path of a `.keras` file, which is read once: what becomes of it
            later changes nothing; or its bytes.
        precision: "float32" or "bfloat16".

    Raises:
        InputError: if this processor does not compute in that precision.
        NotImplementedError: if the file cannot be read without Keras, or if
            its network extends no picture (magenta's).

    Example:
        >>> import numpy as np
        >>> from multistyle.inference.engines.openvino.engine import (
        ...     OpenVINOEngine,
        ... )
        >>> from multistyle.network.models import find_model
        >>> engine = OpenVINOEngine(find_model("paintings-fast"))
        >>> photograph = np.zeros((64, 48, 3), np.float32)
        >>> engine.paint(photograph, np.eye(52)[0]).shape
        (64, 48, 3)
    """

    runs_in_threads = True

    def __init__(
        self,
        model: str | os.PathLike[str] | bytes,
        precision: str = "float32",
    ) -> None:
        core = ov.Core()
        with kept_signal_stack():
            capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        if precision == "bfloat16" and "BF16" not in capabilities:
            raise InputError(
                "This processor does not compute in `bfloat16`: use `float32`."
            )
        try:
            # At once: a training may replace the file at any time.
            self._data = (
                model if isinstance(model, bytes) else Path(model).read_bytes()
            )
        except OSError as error:
            raise NotImplementedError from error  # Keras' loader says why.
        self._core = core
        self.precision = precision
        self.finisher: Engine | None = None
        self._network: TransformNetwork | None = None
        self._layers: OpenVINOLayers | None = None
        self._compiled: dict[bool, ov.CompiledModel] = {}
        self._lock = threading.Lock()
        self._thread = threading.local()
        self._facts = self._load(has_map=False)

    @property
    def style_names(self) -> list[str]:
        return list(self._facts.style_names)

    @property
    def fingerprint(self) -> str:
        return self._facts.fingerprint

    @property
    def rows(self) -> Rows:
        gamma, beta = self._facts.tables
        return split_layers(gamma, beta, self._facts.filters)

    @property
    def network(self) -> "TransformNetwork":
        """The Keras network, made when it is first asked for."""
        if self._network is None:
            self._network = self._make_network()
        return self._network

    def __reduce__(self):
        # A graph is compiled for one processor, so another process, which may
        # be on another machine, makes its own.
        names, tables = self._facts.style_names, self._facts.tables
        state = self._data, self.precision, names, tables, self.finisher
        return _restore, state

    def __copy__(self):
        # Not by `__reduce__`: a copy shares what was compiled.
        copied = object.__new__(type(self))
        vars(copied).update(vars(self))
        return copied

    def with_styles(self, names: Sequence[str], rows: Rows) -> "OpenVINOEngine":
        facts = self._facts
        grown = copy.copy(self)
        grown._facts = facts._replace(
            style_names=append_style_names(facts.style_names, names),
            tables=tuple(
                np.concatenate(pair)
                for pair in zip(facts.tables, join_layers(rows), strict=True)
            ),
        )
        grown._network = grown._layers = None
        return grown

    def row_gradient(self) -> RowGradient:
        # Late: painting alone does not need it.
        from multistyle.inference.engines.openvino.row_gradient import (
            OpenVINORowGradient,
        )

        with kept_signal_stack():
            weights = read_weights(io.BytesIO(self._data))
            return OpenVINORowGradient(self._core, weights)

    def pocket(self) -> PocketFeatures:
        # Late, as above.
        from multistyle.inference.engines.openvino.pocket import OpenVINOPocket

        with kept_signal_stack():
            return OpenVINOPocket(self._core)

    def layers(self) -> "OpenVINOLayers":
        if self._layers is None:
            # Late, as above.
            from multistyle.inference.engines.openvino import layers

            weights = read_weights(io.BytesIO(self._data))
            self._layers = layers.OpenVINOLayers(self._core, weights, self.rows)
        return self._layers

    def with_finisher(self, finisher: Engine | None) -> "OpenVINOEngine":
        paired = copy.copy(self)  # As above.
        paired.finisher = finisher
        return paired

    def pixel_bytes(self, has_map: bool) -> float:
        # Measured at widths 0.25 and 1.0, at 512 to 1024 px, and with 48
        # styles in one map.
        size = 50 + 15 * self._facts.filters[0]
        if has_map:
            size += 22 * self._facts.filters[0]
            size += 15 * len(self._facts.style_names)
        return size

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> np.ndarray | tuple[np.ndarray, Moments]:
        height, width = image.shape[:2]
        has_map = style_weights.ndim == 3
        present = _present(style_weights)
        style_weights = style_weights[..., present]
        tables = [table[present] for table in self._facts.tables]
        if has_map:
            styles = [_extend(style_weights)[None], *tables]
        else:
            styles = [spread(style_weights @ t, self._facts) for t in tables]
        outputs = self._request(has_map).infer(
            [
                _extend(image)[None],
                *styles,
                *spread_moments(moments, self._facts),
                np.full((1, 1, 1, 1), moments is None, np.float32),
            ],
            share_inputs=True,
            share_outputs=True,  # They are copied below.
        )
        rows = slice(EXTENSION, EXTENSION + height)
        columns = slice(EXTENSION, EXTENSION + width)
        picture = np.array(outputs[0][0, rows, columns])
        if not return_moments:
            return picture
        return picture, gather_moments(outputs[1], outputs[2], self._facts)

    def _load(self, has_map):
        """Compiles a graph, and returns what is known of the network."""
        with kept_signal_stack():
            facts, self._compiled[has_map] = load_graph(
                self._core, self._data, has_map, self.precision
            )
        return facts

    def _request(self, has_map):
        """Returns this thread's own request of a graph."""
        requests = vars(self._thread).setdefault("requests", {})
        if has_map not in requests:
            with self._lock:
                if has_map not in self._compiled:
                    self._load(has_map)
            requests[has_map] = self._compiled[has_map].create_infer_request()
        return requests[has_map]

    def _make_network(self):
        # Late: they import Keras.
        from multistyle.network.growth import append_styles
        from multistyle.network.models import make_network

        network = make_network(read_weights(io.BytesIO(self._data)))
        count = network.num_styles
        names = self._facts.style_names[count:]
        if not names:
            return network
        tables = [table[count:] for table in self._facts.tables]
        rows = split_layers(*tables, self._facts.filters)
        return append_styles(network, names, rows)


def _restore(data, precision, style_names, tables, finisher):
    """Makes the same engine in another process."""
    engine = OpenVINOEngine(data, precision)
    engine._facts = engine._facts._replace(
        style_names=style_names, tables=tables
    )
    engine.finisher = finisher
    return engine


def _present(style_weights):
    """Returns the indices of the styles that are in a picture, at least one."""
    is_present = style_weights.any(axis=tuple(range(style_weights.ndim - 1)))
    return np.flatnonzero(is_present) if is_present.any() else np.array([0])


def _extend(image):
    """Extends [H, W, C] by reflection, as the network does."""
    height, width = image.shape[:2]
    return np.pad(
        np.asarray(image, np.float32),
        [extension(height), extension(width), (0, 0)],
        mode="reflect",
    )
