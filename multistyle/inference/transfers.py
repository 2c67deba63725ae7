"""The transfer of colours onto a picture that is painted part by part."""

import math
from collections.abc import Iterable

import numpy as np

from multistyle.blends.regions import Region
from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.tiles import Window
from multistyle.images.values import to_float

# A window, and what is painted there, [h, w, 3].
Part = tuple[Window, np.ndarray]
# So many at least give a picture's distribution of colours.
NUM_COLORS = 4_000_000


def held(
    parts: Iterable[Part],
) -> list[Part]:
    """Holds what was painted, as a list; of many parts in half the memory."""
    parts = iter(parts)
    first = next(parts)
    others = [(window, part.astype(np.float16)) for window, part in parts]
    return [first, *others]


def measure_transfer(
    parts: list[Part],
    visible: np.ndarray,
    pixels: np.ndarray,
    region: Region,
) -> ColorTransfer:
    """Measures how the photograph's colours are put onto what was painted.

    Of a picture of many megapixels every few pixels count.

    Args:
        parts: pairs of a `Window` and what is painted there, [h, w, 3].
        visible: [H, W, 3], the photograph without its transparent colours.
        pixels: [H, W, 3 or 4], the photograph with its alpha.
        region: says how far each pixel is painted.
    """
    step = 1 + math.isqrt(visible.size // 3 // NUM_COLORS)
    samples = []
    for window, part in parts:
        every = (slice(None, None, step),) * 2
        counts = np.broadcast_to(region.strength(window), part.shape[:2])
        alpha = to_float(window.of(pixels)[..., 3:][every])
        counts = counts[every] * (alpha[..., 0] if alpha.size else 1)
        colors = to_float(window.of(visible)[every])
        samples.append(
            (
                part[every].reshape(-1, 3),
                colors.reshape(-1, 3),
                counts.reshape(-1),
            )
        )
    painted, colors, counts = map(np.concatenate, zip(*samples, strict=True))
    return ColorTransfer(
        painted, colors, source_weights=counts, target_weights=counts
    )
