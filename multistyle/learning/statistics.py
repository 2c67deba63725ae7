"""What a painting says of itself: the numbers that a style is read off."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from multistyle.images.resizing import resize, resize_short_side
from multistyle.images.values import to_float
from multistyle.perceptual.pocket_features import (
    PocketFeatures,
    pocket_features,
)

# Short side of a painting that is read, as of one that is trained on; one that
# is very long is reduced further.
READING_SIZE, LONGEST = 384, 1024
# Steps of each of red, green and blue in the table of colours.
COLOR_STEPS = 6


class StyleStatistics(NamedTuple):
    """Means over a painting, so that those of several works are their mean.

    Attributes:
        means: float64 [C], of each channel of the pocket network's style
            layers, layer by layer.
        powers: float64 [C], of the square of each channel.
        colors: float64 [n, n, n], see `color_table`.
    """

    means: np.ndarray
    powers: np.ndarray
    colors: np.ndarray

    def numbers(self) -> np.ndarray:
        """Returns what the reader takes.

        Returns:
            float32 [2 C + n^3]: the means, the standard deviations, and the
            square roots of the table of colours.
        """
        variances = np.maximum(self.powers - self.means**2, 0)
        parts = [self.means, np.sqrt(variances), np.sqrt(self.colors).ravel()]
        return np.concatenate(parts).astype(np.float32)


def painting_statistics(
    works: Sequence[np.ndarray], see: PocketFeatures = pocket_features
) -> StyleStatistics:
    """Describes the works of one style.

    Args:
        works: pictures, each uint8 [H, W, 3] of any size; they count alike.
        see: what stands for the pocket network.
    """
    each = [picture_statistics(fit_painting(work), see) for work in works]
    return StyleStatistics(
        *(np.mean(part, axis=0) for part in zip(*each, strict=True))
    )


def fit_painting(work: np.ndarray) -> np.ndarray:
    """Brings a painting to the size that it is read at.

    Args:
        work: uint8 [H, W, 3], of any size.

    Returns:
        float32 [h, w, 3] in [0, 1]; the short side has `READING_SIZE` pixels,
        or fewer where the long side would have more than `LONGEST`.
    """
    short, long = sorted(work.shape[:2])
    if long * READING_SIZE <= short * LONGEST:
        return to_float(resize_short_side(work, READING_SIZE))
    height, width = (
        max(8, round(side * LONGEST / long)) for side in work.shape[:2]
    )
    return to_float(resize(work, (height, width)))


def color_table(image: np.ndarray) -> np.ndarray:
    """Counts the colours of a picture, each shared by the eight nearest.

    Means of channels do not say which colours lie apart: a painting in red,
    green and blue would be read as brown.

    Args:
        image: float32 [H, W, 3] in [0, 1].

    Returns:
        float64 [n, n, n], n = `COLOR_STEPS`, by red, green and blue; its sum
        is 1.
    """
    place = np.clip(image.reshape(-1, 3), 0, 1) * (COLOR_STEPS - 1)
    low = np.minimum(place.astype(int), COLOR_STEPS - 2)
    share = place - low
    shape = (COLOR_STEPS,) * 3
    table = np.zeros(COLOR_STEPS**3)
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(corner, share, 1 - share), axis=1)
        index = np.ravel_multi_index(tuple((low + corner).T), shape)
        table += np.bincount(index, weight, COLOR_STEPS**3)
    return table.reshape(shape) / len(place)


def picture_statistics(
    image: np.ndarray, see: PocketFeatures = pocket_features
) -> StyleStatistics:
    """Describes one picture of the size that it is read at.

    Args:
        image: float32 [H, W, 3] in [0, 1].
        see: what stands for the pocket network.
    """
    flat = [maps.reshape(-1, maps.shape[-1]) for maps in see(image).values()]
    return StyleStatistics(
        np.concatenate([x.mean(0, dtype=np.float64) for x in flat]),
        np.concatenate([np.square(x).mean(0, dtype=np.float64) for x in flat]),
        color_table(image),
    )
