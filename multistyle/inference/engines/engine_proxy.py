"""The engine that does as another, but for what a subclass says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from multistyle.inference.engines.engine import Engine, Moments
from multistyle.inference.engines.layers import Layers
from multistyle.learning.refining import RowGradient
from multistyle.network.rows import Rows
from multistyle.perceptual.pocket_features import PocketFeatures

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


class EngineProxy:
    """Does as another engine; see `Engine` for its calls.

    One whose other engine is not there from the first overrides `_engine`.

    Args:
        engine: the other one.
    """

    def __init__(self, engine: Engine) -> None:
        self._proxied = engine

    @property
    def _engine(self) -> Engine:
        return self._proxied

    @property
    def runs_in_threads(self) -> bool:
        return self._engine.runs_in_threads

    @property
    def style_names(self) -> list[str]:
        return self._engine.style_names

    @property
    def precision(self) -> str:
        return self._engine.precision

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

    def with_styles(self, names: Sequence[str], rows: Rows) -> Engine:
        return self._engine.with_styles(names, rows)

    def with_finisher(self, finisher: Engine | None) -> Engine:
        return self._engine.with_finisher(finisher)

    def row_gradient(self) -> RowGradient | None:
        return self._engine.row_gradient()

    def pocket(self) -> PocketFeatures | None:
        return self._engine.pocket()

    def layers(self) -> Layers:
        return self._engine.layers()

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
