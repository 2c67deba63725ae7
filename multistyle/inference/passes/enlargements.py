"""Enlargements: what a level paints over the level before, part by part."""

import math

import numpy as np
from PIL import Image

from multistyle.images.tiles import Window
from multistyle.images.values import to_float

# What is broader than about so many pixels a level keeps of the one before.
BROAD = 6
# Lanczos' filter sees three pixels of the smaller picture, the bicubic two.
_LANCZOS = 3
_BICUBIC = 2
# How far beyond a window `settle` sees.
SETTLING_MARGIN = 4 * math.ceil(BROAD * (2 * _BICUBIC + 1) / 4)


class Enlargement:
    """What a level paints: the painting of the level before, enlarged.

    up(p) + I - up(i),

    where p is that painting, i the photograph at its size and I that at the
    size of this level: the photograph's own fine detail comes along. It is
    made window by window, each as it would be in one piece.

    Args:
        photograph: [H, W, 3], uint8, uint16, or float in [0, 1].
        reduced: [h, w, 3], the same, at the size of the level before.
        painting: float array [h, w, 3] in [0, 1].

    Attributes:
        shape: (H, W, 3).
        nbytes: what is held for it.

    Example:
        >>> import numpy as np
        >>> from multistyle.inference.passes.enlargements import Enlargement
        >>> white = np.ones((16, 16, 3), np.float32)
        >>> small = np.ones((8, 8, 3), np.float32)
        >>> enlarged = Enlargement(white, small, small / 2)
        >>> enlarged[:4, :4].mean()
        np.float32(0.5)
    """

    def __init__(
        self,
        photograph: np.ndarray,
        reduced: np.ndarray,
        painting: np.ndarray,
    ) -> None:
        self._photograph = photograph
        self._reduced = reduced
        self._painting = painting
        self.shape = photograph.shape
        self.nbytes = photograph.nbytes + reduced.nbytes + painting.nbytes

    def __getitem__(self, slices: tuple[slice, slice]) -> np.ndarray:
        """Returns a part of it, float32 [h, w, 3] in [0, 1]."""
        rows, columns = (
            part.indices(length)[:2]
            for part, length in zip(slices, self.shape[:2], strict=True)
        )
        window = Window(*rows, *columns)
        height, width = self._reduced.shape[:2]
        scales = height / self.shape[0], width / self.shape[1]
        seen = Window(
            math.floor(window.top * scales[0]),
            math.ceil(window.bottom * scales[0]),
            math.floor(window.left * scales[1]),
            math.ceil(window.right * scales[1]),
        ).grown(_LANCZOS + 1, (height, width))
        # The window's edges in pixels of what is seen, with fractions.
        box = (
            window.left * scales[1] - seen.left,
            window.top * scales[0] - seen.top,
            window.right * scales[1] - seen.left,
            window.bottom * scales[0] - seen.top,
        )
        change = seen.of(self._painting) - to_float(seen.of(self._reduced))
        enlarged = _resample(change, window.size, box, Image.Resampling.LANCZOS)
        enlarged += to_float(window.of(self._photograph))
        return enlarged.clip(0, 1, out=enlarged)


def settle(
    image: np.ndarray,
    painted: np.ndarray,
    strength: float,
    start: tuple[int, int],
) -> np.ndarray:
    """Lays a level's strokes over the level before.

    i + s (d - broad(d)), d = p - i,

    where i is what the level painted, p its painting, and broad(d) what of d
    is broader than `BROAD` pixels: the level has its own fine strokes, and
    the composition and the colours of the levels before. Painted by itself,
    each level would add contrast, as if a painting was painted once more.

    Args:
        image: float32 [h, w, 3], a part of an `Enlargement`.
        painted: float32 [h, w, 3], its painting.
        strength: in [0, 1].
        start: (top, left) of the part in the whole picture. What is within
            `SETTLING_MARGIN` of an edge that is no border of the picture
            counts for nothing.

    Returns:
        float32 [h, w, 3] in [0, 1].
    """
    change = painted - image
    change -= _broad(change, start)
    change *= strength
    change += image
    return change.clip(0, 1, out=change)


def _broad(change, start):
    """Returns what of [h, w, C] is broad, the same for every part."""
    # On one grid for the whole picture.
    before = [first % BROAD for first in start]
    after = [
        -(first + length) % BROAD
        for first, length in zip(before, change.shape[:2], strict=True)
    ]
    padded = np.pad(
        change,
        [*zip(before, after, strict=True), (0, 0)],
        mode="edge",
    )
    height, width = (n // BROAD for n in padded.shape[:2])
    small = _resample(padded, (height, width), None, Image.Resampling.BICUBIC)
    box = (
        before[1] / BROAD,
        before[0] / BROAD,
        width - after[1] / BROAD,
        height - after[0] / BROAD,
    )
    return _resample(small, change.shape[:2], box, Image.Resampling.BICUBIC)


def _resample(image, size, box, resampling):
    """Resizes a box of float [h, w, C]; what lies beyond 0 and 1 stays."""
    result = np.empty((*size, image.shape[2]), np.float32)
    for channel in range(image.shape[2]):
        plane = Image.fromarray(
            np.ascontiguousarray(image[..., channel], np.float32)
        )
        result[..., channel] = plane.resize(size[::-1], resampling, box=box)
    return result
