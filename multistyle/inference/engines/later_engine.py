"""The engine that is loaded when it is first asked for something."""

import functools
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from multistyle.inference.engines.engine import Engine, Moments
from multistyle.learning.refining import RowGradient
from multistyle.network.rows import Rows

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


class LaterEngine:
    """Stands for an engine until it is needed; see `Engine` for its calls.

    Small photographs need no finisher, and so none is loaded for them.

    Args:
        load: function that returns the engine; it is called once, by
            whichever thread comes first.

    Example:
        >>> from multistyle.inference.engines.later_engine import LaterEngine
        >>> from multistyle.inference.engines.loading import load_engine
        >>> from multistyle.network.models import find_model
        >>> path = find_model("paintings-fast")
        >>> engine = LaterEngine(lambda: load_engine(path))
        >>> engine.style_names[0]
        'starry_night'
    """

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load = load
        self._lock = threading.Lock()

    @functools.cached_property
    def _loaded(self):
        return self._load()

    @property
    def _engine(self):
        with self._lock:
            return self._loaded

    @property
    def runs_in_threads(self) -> bool:
        return self._engine.runs_in_threads

    @property
    def precision(self) -> str:
        return self._engine.precision

    @property
    def style_names(self) -> list[str]:
        return self._engine.style_names

    @property
    def fingerprint(self) -> str:
        return self._engine.fingerprint

    @property
    def rows(self) -> Rows:
        return self._engine.rows

    @property
    def network(self) -> "TransformNetwork":
        return self._engine.network

    @property
    def finisher(self) -> Engine | None:
        return self._engine.finisher

    def with_styles(self, names: Sequence[str], rows: Rows) -> "LaterEngine":
        return LaterEngine(lambda: self._engine.with_styles(names, rows))

    def with_finisher(self, finisher: Engine | None) -> "LaterEngine":
        return LaterEngine(lambda: self._engine.with_finisher(finisher))

    def row_gradient(self) -> RowGradient | None:
        return self._engine.row_gradient()

    def pixel_bytes(self, has_map: bool) -> float:
        return self._engine.pixel_bytes(has_map)

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> Any:
        return self._engine.paint(image, style_weights, moments, return_moments)
