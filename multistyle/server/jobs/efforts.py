"""Efforts: how much work a job is, and how fast this machine does such work."""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

# Seconds of work after which what was measured before counts for a third.
_MEMORY = 30.0
# What a pixel takes to be read, resized and written, beside painting it by
# the fastest network, before any was measured.
_REST = 0.6


class Paces:
    """How many seconds a unit of each kind of work takes here.

    What was measured last counts most, since a machine also does other work.

    Example:
        >>> from multistyle.server.jobs.efforts import Paces
        >>> paces = Paces()
        >>> paces.note("writing", units=4, seconds=2)
        >>> paces.of("writing")
        0.5
    """

    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def note(self, name: str, *, units: float, seconds: float) -> None:
        """Counts in what was measured."""
        with self._lock:
            known_units, known_seconds = self._sums.get(name, (0.0, 0.0))
            kept = math.exp(-seconds / _MEMORY)
            self._sums[name] = (
                units + kept * known_units,
                seconds + kept * known_seconds,
            )

    def of(self, name: str) -> float | None:
        """Returns the seconds a unit, or None before any was measured."""
        units, seconds = self._sums.get(name, (0.0, 0.0))
        return seconds / units if units else None


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much work a job is.

    Attributes:
        painted: fingerprint of a network -> pixels that it paints.
        rest: name of all else that is done.
        units: how much of that.
        usual: seconds a unit of it, where they are known; else they are
            measured.
    """

    painted: Mapping[str, float] = field(default_factory=dict)
    rest: str
    units: float
    usual: float | None = None

    def seconds(self, paces: Paces) -> float | None:
        """Returns about how long it takes; None where that is not known."""
        painting = self._painting(paces)
        rest = paces.of(self.rest) if self.usual is None else self.usual
        if rest is None and self.painted:
            rest = _REST * min(paces.of(each) or 0.0 for each in self.painted)
        if painting is None or rest is None:
            return None
        return painting + rest * self.units

    def learn(self, paces: Paces, seconds: float) -> None:
        """Notes how long all of it took."""
        painting = self._painting(paces)
        if painting is not None and self.usual is None:
            rest = max(0.0, seconds - painting)
            paces.note(self.rest, units=self.units, seconds=rest)

    def _painting(self, paces: Paces) -> float | None:
        total = 0.0
        for name, pixels in self.painted.items():
            pace = paces.of(name)
            if pace is None:
                return None
            total += pace * pixels
        return total
