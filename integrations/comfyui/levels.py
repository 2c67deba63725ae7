"""Coarse to fine, as `multistyle interpolate` paints; NumPy and Pillow alone.

A picture whose long side is above 1,000 pixels is painted at that size first,
where the breadth of its strokes is decided; then the painting is enlarged,
gets the photograph's fine detail, and is painted again, about twice as large.
The numbers are those of multistyle/inference/passes/levels.py, and a test
holds the two together.
"""

import math

import numpy as np
from PIL import Image

_DECIDING_SIZE = 1000
_MOST_DOUBLINGS = 1.25
_STRENGTH = 0.9
_BROAD = 6


def paint_levels(paint, finish, photograph, stroke_scale=1.0):
    """Paints a picture of any size.

    Args:
        paint: function of a picture, float32 [h, w, 3] in [0, 1], that returns
            its painting, the same.
        finish: the same, for the sizes after the first.
        photograph: float32 [H, W, 3] in [0, 1].
        stroke_scale: above 0: 2 is twice as broad.

    Returns:
        float32 [H, W, 3] in [0, 1].
    """
    first, *finer = level_sizes(photograph.shape[:2], stroke_scale)
    reduced = _shrink(photograph, first)
    painting = paint(reduced)
    for size in finer:
        whole = _shrink(photograph, size)
        change = _resize(painting - reduced, size, Image.Resampling.LANCZOS)
        enlarged = (change + whole).clip(0, 1)
        ratio = max(size) / max(reduced.shape)
        share = min(1.0, max(0.0, math.log(ratio) / math.log(math.sqrt(2))))
        strokes = finish(enlarged) - enlarged
        strokes -= _broad(strokes)
        painting = (enlarged + _STRENGTH * share * strokes).clip(0, 1)
        reduced = whole
    return painting


def level_sizes(size, stroke_scale=1.0):
    """Returns (height, width) of each level; the last is `size`."""
    longest = max(size)
    ratio = longest / min(longest, _DECIDING_SIZE) * stroke_scale
    if round(longest / ratio) >= longest:
        return [tuple(size)]
    count = max(1, math.ceil(math.log2(ratio) + 1 - _MOST_DOUBLINGS))
    return [
        *(
            tuple(max(1, round(n / ratio ** (left / count))) for n in size)
            for left in range(count, 0, -1)
        ),
        tuple(size),
    ]


def _shrink(photograph, size):
    """Makes a photograph smaller; in 8 bits, as that of a file."""
    if photograph.shape[:2] == size:
        return photograph
    rounded = np.rint(photograph.clip(0, 1) * 255).astype(np.uint8)
    smaller = Image.fromarray(rounded).resize(
        size[::-1], Image.Resampling.LANCZOS
    )
    return np.asarray(smaller, np.float32) / 255


def _broad(change):
    """Returns what of [h, w, 3] is broader than a few pixels."""
    height, width = change.shape[:2]
    after = -height % _BROAD, -width % _BROAD
    padded = np.pad(change, [(0, after[0]), (0, after[1]), (0, 0)], mode="edge")
    small = tuple(n // _BROAD for n in padded.shape[:2])
    bicubic = Image.Resampling.BICUBIC
    box = (0, 0, width / _BROAD, height / _BROAD)
    return _resize(
        _resize(padded, small, bicubic), (height, width), bicubic, box
    )


def _resize(image, size, resampling, box=None):
    planes = [
        Image.fromarray(np.ascontiguousarray(image[..., channel])).resize(
            size[::-1], resampling, box=box
        )
        for channel in range(image.shape[2])
    ]
    return np.stack([np.asarray(plane) for plane in planes], axis=-1)
