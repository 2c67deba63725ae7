"""Levels: the sizes at which a photograph is painted, coarse to fine."""

import math
from collections.abc import Callable

import numpy as np

from multistyle.images.tiles import Window

# The long side, in pixels, of what decides how broad strokes are. On smaller
# ones a face has no room for its eyes; larger ones look like a filter.
DECIDING_SIZE = 1000
# A level is about twice as large as the one before; rather up to 2 ** 1.25
# times than one level more.
MOST_DOUBLINGS = 1.25
# How much of a level's own strokes is shown, above that size.
STRENGTH = 0.9
FULL_RATIO = math.sqrt(2)


def level_sizes(
    size: tuple[int, int], stroke_scale: float = 1.0
) -> list[tuple[int, int]]:
    """Returns the sizes at which a photograph is painted, coarse to fine.

    On the first, whose long side has at most `DECIDING_SIZE` pixels, the
    network decides how broad strokes are beside the picture.

    Args:
        size: (height, width) of the photograph.
        stroke_scale: above 0, what the breadth of the strokes is multiplied
            by, at every size.

    Returns:
        List of (height, width), of which the last is `size`. There is no
        other where the network's own strokes are as broad as wanted.

    Example:
        >>> from multistyle.inference.passes.levels import level_sizes
        >>> level_sizes((3000, 4000))
        [(750, 1000), (1500, 2000), (3000, 4000)]
        >>> level_sizes((600, 800))
        [(600, 800)]
    """
    longest = max(size)
    ratio = longest / min(longest, DECIDING_SIZE) * stroke_scale
    if round(longest / ratio) >= longest:
        return [size]
    count = max(1, math.ceil(math.log2(ratio) + 1 - MOST_DOUBLINGS))
    smaller = [
        tuple(max(1, round(n / ratio ** (left / count))) for n in size)
        for left in range(count, 0, -1)
    ]
    return [*smaller, size]


def level_strength(
    size: tuple[int, int], size_before: tuple[int, int]
) -> float:
    """Returns how much of a level's strokes is shown, in [0, 1].

    It is less where a level is hardly larger than the one before, whose
    strokes are as fine, and next to nothing where sizes are equal: pictures
    of nearly one size look alike.
    """
    ratio = max(size) / max(size_before)
    share = math.log(ratio) / math.log(FULL_RATIO)
    return STRENGTH * min(1.0, max(0.0, share))


def level_weights(
    weights_of: Callable[[Window], np.ndarray],
    size: tuple[int, int],
    small_size: tuple[int, int],
) -> Callable[[Window], np.ndarray]:
    """Returns the function of windows of a level's style weights.

    Args:
        weights_of: the same of the photograph; float32 [N] or [h, w, N].
        size: (height, width) of the photograph.
        small_size: (height, width) of the level.
    """
    if small_size == size:
        return weights_of

    def nearest(start, stop, axis):
        middles = 2 * np.arange(start, stop) + 1
        return middles * size[axis] // (2 * small_size[axis])

    def weights(window):
        rows = nearest(window.top, window.bottom, 0)
        columns = nearest(window.left, window.right, 1)
        large = Window(rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)
        found = weights_of(large)
        if found.ndim == 1:
            return found
        return found[(rows - rows[0])[:, None], columns - columns[0]]

    return weights
