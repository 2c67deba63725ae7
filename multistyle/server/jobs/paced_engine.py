"""The engine that measures how fast it paints."""

import functools
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from multistyle.inference.engines.engine import Engine, Moments
from multistyle.inference.engines.watched_engine import WatchedEngine
from multistyle.server.jobs.efforts import Paces

# Pixels a side of what is painted to know the pace, where nothing was yet.
_TRIAL_SIZE = 256


class PacedEngine(WatchedEngine):
    """Paints as another engine, and notes the time a pixel.

    Args:
        engine, check, turn: see `WatchedEngine`.
        paces: told the time a pixel, by the network's fingerprint.
    """

    def __init__(
        self,
        engine: Engine,
        check: Callable[[], None],
        paces: Paces,
        turn: AbstractContextManager[Any] | None = None,
    ) -> None:
        super().__init__(engine, check, turn)
        self._paces = paces

    @functools.cached_property
    def _name(self) -> str:
        return self.fingerprint  # Which is a digest.

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> Any:
        began = time.perf_counter()
        painted = super().paint(image, style_weights, moments, return_moments)
        self._paces.note(
            self._name,
            units=image.shape[0] * image.shape[1],
            seconds=time.perf_counter() - began,
        )
        return painted

    def try_out(self, fingerprints: Collection[str]) -> None:
        """Paints a little, where a pace of some networks is not known."""
        if self._paces.of(self._name) is None:
            image = np.zeros((_TRIAL_SIZE, _TRIAL_SIZE, 3), np.float32)
            weights = np.eye(len(self.style_names), dtype=np.float32)[0]
            super().paint(image, weights)  # The first one takes longer.
            self.paint(image, weights)
        is_last = set(fingerprints) <= {self._name}
        finisher = None if is_last else self.finisher
        if isinstance(finisher, PacedEngine):
            finisher.try_out([finisher.fingerprint])

    def _watch(self, engine: Engine) -> "PacedEngine":
        return PacedEngine(engine, self._check, self._paces, self._turn)
