"""Gradients: styles that turn into each other across a picture."""

import copy
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from multistyle.blends.regions import Region
from multistyle.blends.weights import one_hot
from multistyle.errors import InputError
from multistyle.images.tiles import Window

DIRECTIONS = {"horizontal": 0.0, "vertical": 90.0, "radial": None}


class Gradient(Region):
    """Styles that turn into each other across the picture.

    Args:
        stops: float array [S, N], the weights to pass through, S >= 2, at
            even distances.
        direction: "horizontal" (from the left), "vertical" (from the top),
            "radial" (from the middle to the corners), or degrees, clockwise
            from horizontal. The first and the last stop lie in corners.
        text: what the gradient was read from.

    Attributes:
        stops: float32 array [S, N], those weights.

    Raises:
        InputError: if there is one stop only, or no such direction.
    """

    _size: tuple[int, int]  # Of the picture that it is fitted to.

    def __init__(
        self,
        stops: np.ndarray | Sequence[np.ndarray],
        direction: str | float,
        *,
        text: str | None = None,
    ) -> None:
        self.stops = np.asarray(stops, np.float32)
        if len(self.stops) < 2:
            raise InputError(
                f"A gradient has 2 stops or more; got `{len(self.stops)}`."
            )
        self._angle = _angle(direction)
        self._text = text

    def fit(self, size: tuple[int, int]) -> Region:
        fitted = copy.copy(self)
        fitted._size = size
        return fitted

    def weights(self, window: Window | None = None) -> np.ndarray:
        position = self._position(window) * (len(self.stops) - 1)
        stops = np.arange(len(self.stops))
        return np.stack(
            [np.interp(position, stops, column) for column in self.stops.T],
            axis=-1,
        ).astype(np.float32)

    def _position(self, window):
        """Returns [h, w] in [0, 1], from the first stop to the last."""
        rows, columns = (window or Window.whole(self._size)).slices
        # From the middle, in pixels; the outermost are at their centres.
        half_y, half_x = ((length - 1) / 2 for length in self._size)
        y = (np.arange(self._size[0]) - half_y)[rows, None]
        x = (np.arange(self._size[1]) - half_x)[None, columns]
        if self._angle is None:
            reach = math.hypot(half_y, half_x)
            return np.hypot(y, x) / (reach or 1)
        cosine, sine = _direction(self._angle)
        reach = abs(cosine) * half_x + abs(sine) * half_y
        return (x * cosine + y * sine) / (2 * reach or 1) + 0.5

    def options(self, style_names: Sequence[str]) -> dict[str, Any]:
        return {"gradient": self._text}


def parse_gradient(text: str, style_names: Sequence[str]) -> Gradient:
    """Reads "A>B:horizontal", styles that turn into each other.

    Args:
        text: two or more names, then a direction, see `Gradient`.
        style_names: list of the N names of the network.

    Returns:
        A `Gradient`.

    Raises:
        InputError: if there is one name only, one is unknown, or there is no
            such direction.
    """
    styles, colon, direction = str(text).rpartition(":")
    names = [name.strip() for name in styles.split(">")]
    if not colon or len(names) < 2:
        raise InputError(
            "A gradient is given as `A>B:horizontal`, two styles or more and "
            f"a direction; got `{text}`."
        )
    stops = [one_hot(name, style_names) for name in names]
    return Gradient(stops, direction.strip(), text=str(text))


def _angle(direction):
    """Returns degrees, or None for "radial"."""
    if direction in DIRECTIONS:
        return DIRECTIONS[direction]
    try:
        angle = float(direction)
    except (TypeError, ValueError):
        angle = math.nan
    if not math.isfinite(angle):
        raise InputError(
            f"`{direction}` is not a direction of a gradient: use "
            f"{', '.join(DIRECTIONS)} or degrees, such as 45."
        )
    return angle


def _direction(angle):
    """Returns (cosine, sine), exact at right angles."""
    angle = math.radians(angle)
    return round(math.cos(angle), 12), round(math.sin(angle), 12)
