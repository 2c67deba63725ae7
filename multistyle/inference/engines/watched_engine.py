"""The engine that asks before each painting whether it is still wanted."""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from multistyle.inference.engines.engine import Engine, Moments
from multistyle.inference.engines.engine_proxy import EngineProxy
from multistyle.network.rows import Rows


class WatchedEngine(EngineProxy):
    """Paints as another engine; see `Engine` for its calls.

    A large picture is many paintings, so one that nobody wants any more ends
    soon.

    Args:
        engine: what paints.
        check: called before each painting, by the finisher too; what it
            raises ends the work.
        turn: taken for each painting by an engine that does not run in
            several threads; None is one of its own.

    Example:
        >>> from multistyle.inference.engines.loading import load_engine
        >>> from multistyle.inference.engines.watched_engine import (
        ...     WatchedEngine,
        ... )
        >>> from multistyle.network.models import find_model
        >>> engine = load_engine(find_model("paintings-fast"))
        >>> WatchedEngine(engine, lambda: None).style_names[0]
        'composition_vii'
    """

    def __init__(
        self,
        engine: Engine,
        check: Callable[[], None],
        turn: AbstractContextManager[Any] | None = None,
    ) -> None:
        super().__init__(engine)
        self._check = check
        self._turn = threading.Lock() if turn is None else turn

    @property
    def finisher(self) -> Engine | None:
        finisher = self._engine.finisher
        return None if finisher is None else self._watch(finisher)

    def with_styles(self, names: Sequence[str], rows: Rows) -> "WatchedEngine":
        return self._watch(self._engine.with_styles(names, rows))

    def with_finisher(self, finisher: Engine | None) -> "WatchedEngine":
        return self._watch(self._engine.with_finisher(finisher))

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> Any:
        self._check()
        turn = nullcontext() if self.runs_in_threads else self._turn
        with turn:
            return super().paint(image, style_weights, moments, return_moments)

    def _watch(self, engine: Engine) -> "WatchedEngine":
        return WatchedEngine(engine, self._check, self._turn)
