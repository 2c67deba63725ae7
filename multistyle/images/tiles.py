"""Tiles: a large picture in windows that overlap."""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """A part of a picture: rows `top` to `bottom`, columns `left` to `right`.

    The last row and the last column are excluded, as in a slice.
    """

    top: int
    bottom: int
    left: int
    right: int

    @classmethod
    def whole(cls, size: tuple[int, int]) -> "Window":
        """Returns the window that is a whole picture of (height, width)."""
        return cls(0, size[0], 0, size[1])

    @classmethod
    def square(cls, size: tuple[int, int]) -> "Window":
        """Returns the largest square in the middle of (height, width)."""
        side = min(size)
        top, left = ((length - side) // 2 for length in size)
        return cls(top, top + side, left, left + side)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.bottom - self.top, self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """(rows, columns)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def of(self, image: np.ndarray) -> np.ndarray:
        """Returns that part of an array [H, W, ...], as a view."""
        return image[self.slices]

    def grown(self, margin: int, size: tuple[int, int]) -> "Window":
        """Returns the window with a margin, as far as the picture goes.

        Args:
            margin: pixels on each side.
            size: (height, width) of the picture.
        """
        return Window(
            max(0, self.top - margin),
            min(size[0], self.bottom + margin),
            max(0, self.left - margin),
            min(size[1], self.right + margin),
        )

    def shifted(self, down: int, right: int) -> "Window":
        """Returns the window moved by so many pixels."""
        return Window(
            self.top + down,
            self.bottom + down,
            self.left + right,
            self.right + right,
        )

    def within(self, other: "Window") -> "Window":
        """Returns this window as a window of the picture `other.of(image)`."""
        return Window(
            self.top - other.top,
            self.bottom - other.top,
            self.left - other.left,
            self.right - other.left,
        )


def cut(
    size: tuple[int, int], tile_size: int, *, grid: int = 4
) -> list[Window]:
    """Divides a picture into windows that do not overlap, row by row.

    Args:
        size: (height, width) of the picture.
        tile_size: the longest side that a window may have, at least `grid`.
        grid: every window begins on a multiple of it.

    Returns:
        Windows, about equal in size, that cover the picture once.
    """
    rows, columns = (_stops(length, tile_size, grid) for length in size)
    return [
        Window(top, bottom, left, right)
        for top, bottom in itertools.pairwise(rows)
        for left, right in itertools.pairwise(columns)
    ]


def _stops(length, longest, grid):
    """Cuts `length` at multiples of `grid` into parts of at most `longest`."""
    longest -= longest % grid
    steps = -(-length // grid)
    parts = -(-steps * grid // longest)
    return [
        min(length, (steps * part // parts) * grid) for part in range(parts + 1)
    ]


def take(
    image: np.ndarray | Callable[[Window], np.ndarray],
    window: Window,
    size: tuple[int, int] | None = None,
) -> np.ndarray:
    """Returns a window that may reach a few pixels beyond a picture.

    What lies beyond the picture is its reflection, as in the network, which
    extends it.

    Args:
        image: array [H, W, ...], or a function of a `Window` that returns
            such a part of one, or an array [N] that is the same everywhere.
        window: it may begin below 0 and end beyond the picture.
        size: (height, width) of the picture, where `image` is a function.

    Returns:
        array [h, w, ...], or [N].
    """
    if not callable(image):
        size = image.shape[:2]
    assert size is not None, "`size` goes with a function"
    rows = _reflected(window.top, window.bottom, size[0])
    columns = _reflected(window.left, window.right, size[1])
    # The mirrored pixels may lie beside the window.
    inside = Window(
        rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    )
    part = image(inside) if callable(image) else inside.of(image)
    if part.ndim == 1 or inside == window:
        return part
    return part[(rows - inside.top)[:, None], columns - inside.left]


def _reflected(start, stop, length):
    """Returns the places in [0, length) of those from `start` to `stop`."""
    places = np.abs(np.arange(start, stop)) % max(1, 2 * (length - 1))
    return np.minimum(places, 2 * (length - 1) - places)
