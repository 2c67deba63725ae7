"""The protocol of a network's layers, which are run one at a time."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

# Mean and variance, each float32 [1, 1, 1, F].
LayerMoments = tuple[np.ndarray, np.ndarray]


class Layer(Protocol):
    """One of the sixteen; see `network.layers.StyledConvolution`.

    Attributes:
        name: see `network.architecture.LAYER_NAMES`.
        filters: channels F of the result.
        kernel_size: an odd number of pixels.
        strides: 1 or 2.
        upsample: whether what it is given is doubled before.
        addend: the name of the layer whose result is added, or None.
    """

    @property
    def name(self) -> str: ...

    @property
    def filters(self) -> int: ...

    @property
    def kernel_size(self) -> int: ...

    @property
    def strides(self) -> int: ...

    @property
    def upsample(self) -> bool: ...

    @property
    def addend(self) -> str | None: ...

    def convolve(self, x: np.ndarray) -> np.ndarray:
        """Convolves where the kernel lies within what is given.

        Args:
            x: float32 [B, h, w, C], doubled and reflected before.

        Returns:
            float32 [B, h', w', F].
        """

    def finish(
        self,
        x: np.ndarray,
        style_weights: np.ndarray,
        addend: np.ndarray | None,
        moments: LayerMoments,
    ) -> np.ndarray:
        """Does the rest: normalization, sum, activation.

        Args:
            x: what `convolve` gives.
            style_weights: float32 [B, 1, 1, N] or [B, H, W, N]; of another
                size than `x`, the nearest neighbours are taken.
            addend: None, or float32 of the shape of `x`.
            moments: to use.

        Returns:
            float32 of the shape of `x`.
        """


class Layers(Protocol):
    """All sixteen, in the order of the pass.

    Attributes:
        blocks: the layers.
        extend_image: see `network.transform.TransformNetwork`.
    """

    @property
    def blocks(self) -> Sequence[Layer]: ...

    @property
    def extend_image(self) -> bool: ...
