"""The protocol of engines: one call for all of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from multistyle.inference.engines.layers import Layers
from multistyle.learning.refining import RowGradient
from multistyle.network.rows import Rows
from multistyle.perceptual.pocket_features import PocketFeatures

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork

# By layer name: mean and variance, each float32 [1, 1, 1, C].
Moments = dict[str, tuple[np.ndarray, np.ndarray]]


class Engine(Protocol):
    """Runs a model's network.

    Neither a new size nor new weights cost more than the painting.

    Attributes:
        runs_in_threads: whether several threads may call it at a time.
        style_names: names of the N styles.
        precision: "float32", or "bfloat16" for convolutions in it.
        fingerprint: of the network's shared weights; see
            `network.styles.fingerprint`.
        rows: of the N styles, see `network.rows`.
        network: the Keras network, which may first have to be loaded.
        finisher: the engine that paints the finer levels of a large
            photograph in its place, in styles of the same names; or None.
    """

    @property
    def runs_in_threads(self) -> bool: ...

    @property
    def style_names(self) -> list[str]: ...

    @property
    def precision(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def rows(self) -> Rows: ...

    @property
    def network(self) -> "TransformNetwork": ...

    @property
    def finisher(self) -> "Engine | None": ...

    def with_styles(self, names: Sequence[str], rows: Rows) -> "Engine":
        """Adds styles after its own.

        Args:
            names: list of M names that it does not have.
            rows: M rows a table.

        Returns:
            A new engine on the same shared weights. The styles that were
            there paint the same pictures to the bit.

        Raises:
            InputError: if a name is malformed, given twice or there already.
        """

    def row_gradient(self) -> RowGradient | None:
        """Returns what learns a row by the pocket network, in this engine.

        None leaves it to Keras.
        """

    def pocket(self) -> PocketFeatures | None:
        """Returns what sees as the pocket network does, in this engine.

        None leaves it to NumPy.
        """

    def layers(self) -> Layers:
        """Returns the network's layers, for a picture beyond one pass."""

    def with_finisher(self, finisher: "Engine | None") -> "Engine":
        """Returns the same engine with another finisher, or with none."""

    def pixel_bytes(self, has_map: bool) -> float:
        """Returns about how many bytes a pixel takes while it is painted.

        Args:
            has_map: whether the weights vary over the picture.
        """

    def paint(
        self,
        image: np.ndarray,
        style_weights: np.ndarray,
        moments: Moments | None = None,
        return_moments: bool = False,
    ) -> Any:
        """Paints one picture.

        Args:
            image: float32 [H, W, 3] in [0, 1], RGB, H and W from 8.
            style_weights: float32 [N], or [H, W, N] of the size of `image`;
                they are used as they are.
            moments: None, to measure the picture's own, or those to use in
                their place.
            return_moments: whether to return the moments that were used, too.

        Returns:
            float32 [H, W, 3] in [0, 1], or the pair of it and the moments.
        """
