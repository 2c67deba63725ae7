"""What is shown of a frame: paintings that are laid over its own."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from multistyle.video.held_painting import HeldPainting
from multistyle.video.look import Look, smooth_step
from multistyle.video.motion import fetch, fit, fit_flow, places_of
from multistyle.video.packages import import_cv2

# By how much manners differ up to which they are one, beyond twice as much
# they are two.
_OTHER_MANNER = 0.25
# Rows of the strips that a picture is cut into; in each, only columns that
# something is seen of are fetched, and what lies between them where it is less
# than such a share of all.
_STRIP_SIZE = 64
_NARROW = 1 / 16


class Shown(NamedTuple):
    """What is shown of a frame: its own painting, and what is laid over it.

    Attributes:
        own: float32 [H, W, 3], the frame's own painting.
        look: its `Look`.
        wanted: how it was painted, as `manner` of a `HeldPainting`.
        manner: how what is shown was painted, likewise.
        layers: tuple of pairs, what is laid over it, the last on top: a
            `HeldPainting`, and float32 [h, w], the share of it.
    """

    own: np.ndarray
    look: Look
    wanted: np.ndarray
    manner: np.ndarray
    layers: tuple[tuple[HeldPainting, np.ndarray], ...] = ()

    def under(
        self, held: HeldPainting, limit: np.ndarray | float = 1
    ) -> tuple["Shown", np.ndarray]:
        """Lays a held painting over it, where that may be shown.

        Args:
            held: a `HeldPainting`.
            limit: float32 [h, w] or 1, the largest share.

        Returns:
            A `Shown`, and float32 [h, w], the share of the held painting.
        """
        manner = held.moved_manner()
        if not manner.size:
            manner = self.wanted
        halves = np.full(manner.shape[2], 0.5, np.float32)
        difference = np.abs(manner - self.wanted) @ halves
        agreement = 1 - smooth_step(difference / _OTHER_MANNER - 1)
        share = held.share(self.look) * limit * agreement
        if manner.size == self.manner.size == manner.shape[2]:
            # The same everywhere; then their mean stands for all.
            part = share.mean()
        else:
            part = share[..., None]
        mixed = self.manner + part * (manner - self.manner)
        mixed = mixed.astype(np.float32, copy=False)
        layers = (*self.layers, (held, share))
        return self._replace(manner=mixed, layers=layers), share

    def picture(self) -> np.ndarray:
        """Returns float32 [H, W, 3], what is seen of all."""
        seen = []
        left: np.ndarray | float = 1.0
        for _, share in reversed(self.layers):
            seen.append(share * left > 0)
            left = left * (1 - share)
        picture = self.own.copy()
        for held, share in self.layers:
            _lay(picture, held, share, seen.pop())
        return picture


def _lay(picture, held, share, seen):
    """Lays what is seen of a held painting over a picture, in place."""
    if not seen.any():
        return
    size = picture.shape[:2]
    places = places_of(fit_flow(held.flow, size))
    share = fit(share, size)
    for window in _windows(seen, size):
        part = picture[window]
        difference = fetch(held.painting, places[window], is_smooth=True)
        difference -= part
        difference *= import_cv2().merge([share[window]] * 3)
        part += difference


def _windows(
    seen: np.ndarray, size: tuple[int, int]
) -> Iterator[tuple[slice, slice]]:
    """Yields where something is seen, as slices of rows and columns.

    Args:
        seen: bool [h, w].
        size: (height, width) of the picture, which is no smaller.
    """
    if seen.shape != size:
        # What is enlarged reaches a little further.
        seen = import_cv2().dilate(
            seen.astype(np.uint8), np.ones((5, 5), np.uint8)
        )
    rows, columns = seen.shape
    height, width = size
    count = min(rows, max(1, height // _STRIP_SIZE))
    bounds = [rows * strip // count for strip in range(count + 1)]
    for top, bottom in itertools.pairwise(bounds):
        found = np.flatnonzero(seen[top:bottom].any(axis=0))
        breaks = np.flatnonzero(np.diff(found) > columns * _NARROW) + 1
        for run in np.split(found, breaks) if found.size else ():
            left, right = int(run[0]), int(run[-1]) + 1
            yield (
                slice(top * height // rows, bottom * height // rows),
                slice(left * width // columns, -(-right * width // columns)),
            )
