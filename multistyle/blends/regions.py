"""Regions: style weights and strength at each pixel of a picture."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from multistyle.blends.masks import Mask, fingerprint
from multistyle.blends.weights import one_hot, weights_dict
from multistyle.errors import InputError
from multistyle.images.holes import fill_holes
from multistyle.images.strength import check_strength
from multistyle.images.tiles import Window

# Where no style is painted, the nearest one counts by this much. It is looked
# for on masks whose long side has been reduced to this.
FAINT = 1 / 16
COARSE_SIZE = 128


class Region:
    """The same style weights, at full strength, at every pixel.

    The base of the other regions. A region is evaluated for a window of a
    picture, so that a picture which is painted in tiles never needs the whole
    of it.

    Args:
        weights: float32 array [N] whose sum is 1.
    """

    def __init__(self, weights: np.ndarray | Sequence[float]) -> None:
        self._weights = np.asarray(weights, np.float32)

    def fit(self, size: tuple[int, int]) -> "Region":
        """Returns the region for a picture of a size, (height, width).

        Raises:
            InputError: if it does not fit a picture of that size.
        """
        return self

    def weights(self, window: Window | None = None) -> np.ndarray:
        """Returns the weights in a window; None is the whole picture.

        They are float32 [h, w, N], or [1, 1, N] where they do not vary.
        """
        return self._weights[None, None]

    def strength(self, window: Window | None = None) -> np.ndarray:
        """Returns how far a window is painted; None is the whole picture.

        It is float32 [h, w] in [0, 1], or [1, 1] where it is the same.
        """
        return np.ones((1, 1), np.float32)

    @property
    def masks(self) -> list[Mask]:
        """The masks that it is made of."""
        return []

    def options(self, style_names: Sequence[str]) -> dict[str, Any]:
        """Returns what decides how the picture looks, a dict for JSON."""
        return {"style_weights": weights_dict(self._weights, style_names)}


def weights_of(region: Region) -> Callable[[Window], np.ndarray]:
    """Returns a function of a `Window`: the style weights [N] or [h, w, N].

    Args:
        region: a `Region` that is fitted to its picture.
    """
    weights = region.weights(Window(0, 2, 0, 2))
    if weights.shape[:2] == (1, 1):
        return lambda window: weights[0, 0]
    return region.weights


class WeightMap(Region):
    """Weights that are given for each pixel.

    Args:
        weights: float32 array [H, W, N] whose last axis sums to 1.
    """

    def fit(self, size: tuple[int, int]) -> Region:
        height, width = self._weights.shape[:2]
        if (height, width) != tuple(size):
            raise InputError(
                "A map of style weights has the size of its picture, "
                f"`{size[0]} x {size[1]}` (height x width); got "
                f"`{height} x {width}`."
            )
        return self

    def weights(self, window: Window | None = None) -> np.ndarray:
        return window.of(self._weights) if window else self._weights

    def options(self, style_names: Sequence[str]) -> dict[str, Any]:
        return {"style_weights": fingerprint("map", self._weights)}


class BlendMasks(Region):
    """A mask for each of some blends.

    Where masks overlap, their sum is brought to 1; where it is below 1, the
    rest stays photograph. The network needs weights there, too. It gets those
    of the blends around, so that no other style bleeds over an edge.

    Args:
        blends: list of pairs of weights, float32 [N], and a `Mask`.
    """

    # Of the picture that it is fitted to: its size, and the weights around
    # what is painted.
    _size: tuple[int, int]
    _around: np.ndarray

    def __init__(self, blends: Sequence[tuple[np.ndarray, Mask]]) -> None:
        self._rows = np.stack([weights for weights, _ in blends])
        self._masks = [mask for _, mask in blends]

    def fit(self, size: tuple[int, int]) -> Region:
        fitted = copy.copy(self)
        fitted._masks = [mask.fit(size) for mask in self._masks]
        fitted._size = size
        factor = min(1, COARSE_SIZE / max(size))
        height, width = (max(1, round(length * factor)) for length in size)
        coarse = (height, width)
        shares = np.stack(
            [Mask(mask.resized(coarse)).at() for mask in fitted._masks],
            axis=-1,
        )
        total = shares.sum(axis=-1, keepdims=True)
        even = np.float32(1 / shares.shape[-1])
        shares = np.where(
            total > 0, shares / np.where(total > 0, total, 1), even
        )
        fitted._around = fill_holes(shares, np.minimum(total[..., 0], 1))
        return fitted

    def weights(self, window: Window | None = None) -> np.ndarray:
        shares, total = self._shares(window)
        faint = FAINT * (1 - np.minimum(total, 1))
        shares += faint * _enlarge(self._around, self._size, window)
        return shares / (total + faint) @ self._rows

    def strength(self, window: Window | None = None) -> np.ndarray:
        return np.minimum(self._shares(window)[1][..., 0], 1)

    def _shares(self, window):
        """Returns the masks [h, w, K], and their sums [h, w, 1]."""
        shares = np.stack([mask.at(window) for mask in self._masks], axis=-1)
        return shares, shares.sum(axis=-1, keepdims=True)

    @property
    def masks(self) -> list[Mask]:
        return self._masks

    def options(self, style_names: Sequence[str]) -> dict[str, Any]:
        return {
            "mask": [
                {
                    "style_weights": weights_dict(weights, style_names),
                    "mask": mask.fingerprint(),
                }
                for weights, mask in zip(self._rows, self._masks, strict=True)
            ]
        }


class StyleMasks(BlendMasks):
    """A mask for each of some styles; see `BlendMasks`.

    Args:
        masks: dict style name -> `Mask`.
        style_names: list of the N names of the network.

    Raises:
        InputError: if no style has such a name.
    """

    def __init__(
        self, masks: Mapping[str, Mask], style_names: Sequence[str]
    ) -> None:
        super().__init__(
            [(one_hot(name, style_names), mask) for name, mask in masks.items()]
        )
        self._names = list(masks)

    def options(self, style_names: Sequence[str]) -> dict[str, Any]:
        masks = zip(self._names, self._masks, strict=True)
        return {"mask": {name: mask.fingerprint() for name, mask in masks}}


class Masked(Region):
    """A region of which only a part is painted, or all of it less strongly.

    Args:
        region: a `Region`.
        strength: a number in [0, 1], or a `Mask`.

    Raises:
        InputError: if the number is another.
    """

    def __init__(self, region: Region, strength: float | Mask) -> None:
        if not isinstance(strength, Mask):
            check_strength(strength)
        self._region = region
        self._strength = strength

    def fit(self, size: tuple[int, int]) -> Region:
        strength = self._strength
        if isinstance(strength, Mask):
            strength = strength.fit(size)
        return Masked(self._region.fit(size), strength)

    def weights(self, window: Window | None = None) -> np.ndarray:
        return self._region.weights(window)

    def strength(self, window: Window | None = None) -> np.ndarray:
        own = self._strength
        factor = own.at(window) if isinstance(own, Mask) else np.float32(own)
        return self._region.strength(window) * factor

    @property
    def masks(self) -> list[Mask]:
        own = [self._strength] if isinstance(self._strength, Mask) else []
        return self._region.masks + own

    def options(self, style_names: Sequence[str]) -> dict[str, Any]:
        options = self._region.options(style_names)
        if isinstance(self._strength, Mask):
            options["mask"] = self._strength.fingerprint()
        return options


def _enlarge(image, size, window):
    """Enlarges [h, w, C] to `size` bilinearly, and only in a window."""
    window = window or Window.whole(size)
    for axis, part in enumerate(window.slices):
        length = image.shape[axis]
        place = (np.arange(size[axis])[part] + 0.5) * length / size[axis] - 0.5
        place = place.clip(0, length - 1)
        first = np.floor(place).astype(int)
        second = np.minimum(first + 1, length - 1)
        share = (place - first).astype(np.float32)
        share = share.reshape(-1, *[1] * (image.ndim - 1 - axis))
        image = (
            image.take(first, axis) * (1 - share)
            + image.take(second, axis) * share
        )
    return image
