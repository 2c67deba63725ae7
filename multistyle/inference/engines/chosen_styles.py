"""An engine that knows some of its styles alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from multistyle.inference.engines.engine import Engine, Moments


class ChosenStyles:
    """Paints as an engine does, in some of its styles.

    Weights that vary over a picture have as many numbers a pixel as there are
    styles. Of fifty, of which two are painted, most would be zeros that are
    made, looked through and thrown away in each frame of a film.

    Args:
        engine: an `Engine`.
        names: of K of its styles; [K] and [h, w, K] are the weights then.

    Attributes:
        style_names: the same names.
    """

    def __init__(self, engine: Engine, names: Sequence[str]) -> None:
        self.style_names = list(names)
        self._engine = engine
        own = engine.style_names
        self._columns = [own.index(name) for name in names]
        self._count = len(own)

    @property
    def finisher(self) -> "ChosenStyles | None":
        """What paints the finer levels, in those of the styles that it has."""
        finisher = self._engine.finisher
        if finisher is None:
            return None
        known = set(finisher.style_names)
        names = [name for name in self.style_names if name in known]
        return ChosenStyles(finisher, names) if names else None

    def pixel_bytes(self, has_map: bool) -> float:
        """See `Engine`."""
        return self._engine.pixel_bytes(has_map)

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> Any:
        """See `Engine`; `style_weights` are [K] or [H, W, K]."""
        # Plane by plane, so that those of no style take no memory.
        shape = self._count, *style_weights.shape[:-1]
        weights = np.zeros(shape, np.float32)
        weights[self._columns] = np.moveaxis(style_weights, -1, 0)
        return self._engine.paint(
            image, np.moveaxis(weights, 0, -1), moments, return_moments
        )
