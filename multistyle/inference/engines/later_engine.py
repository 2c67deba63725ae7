"""The engine that is loaded when it is first asked for something."""

import functools
import threading
from collections.abc import Callable, Sequence

from multistyle.inference.engines.engine import Engine
from multistyle.inference.engines.engine_proxy import EngineProxy
from multistyle.network.rows import Rows


class LaterEngine(EngineProxy):
    """Stands for an engine until it is needed; see `Engine` for its calls.

    Small photographs need no finisher, and so none is loaded for them.

    Args:
        load: function that returns the engine; it is called once, by
            whichever thread comes first. One that is to be pickled is a
            module's own, or a `functools.partial` of one.

    Example:
        >>> from multistyle.inference.engines.later_engine import LaterEngine
        >>> from multistyle.inference.engines.loading import load_engine
        >>> from multistyle.network.models import find_model
        >>> path = find_model("paintings-fast")
        >>> engine = LaterEngine(lambda: load_engine(path))
        >>> engine.style_names[0]
        'composition_vii'
    """

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load = load
        self._lock = threading.Lock()

    @functools.cached_property
    def _loaded(self) -> Engine:
        return self._load()

    @property
    def _engine(self) -> Engine:
        with self._lock:
            return self._loaded

    def with_styles(self, names: Sequence[str], rows: Rows) -> "LaterEngine":
        return LaterEngine(functools.partial(_with_styles, self, names, rows))

    def with_finisher(self, finisher: Engine | None) -> "LaterEngine":
        return LaterEngine(functools.partial(_with_finisher, self, finisher))

    def __reduce__(self):
        # Another process loads it when it needs it.
        return LaterEngine, (self._load,)


def _with_styles(later, names, rows):
    return later._engine.with_styles(names, rows)


def _with_finisher(later, finisher):
    return later._engine.with_finisher(finisher)
