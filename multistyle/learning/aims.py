"""What a row is learned towards: a style's paintings as its losses see them.

NumPy alone, so that learning need not wait for Keras.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from multistyle.images.opponents import OPPONENTS
from multistyle.learning.statistics import fit_painting
from multistyle.perceptual.bins import (
    MIN_BLOCK_SIZE,
    NEIGHBOURHOOD_BINS,
    ROUNDING_POWER,
    block_size,
    neighbourhood,
    weave_bins,
    window,
)
from multistyle.perceptual.pocket_features import pocket_features

# How much each loss counts; the first five as in a training.
CONTENT, STYLE, VARIATION, LATTICE, WEAVE, COLORS = (
    1.0,
    6.0,
    0.15,
    0.2,
    0.5,
    0.3,
)
# A larger style loss has no gradient: a painting that is far from all others
# would tear the row out of shape.
LARGEST_STYLE_LOSS = 5.0


class Aims(NamedTuple):
    """What the pictures of one style should have in common.

    Attributes:
        grams: dict style layer's name -> float32 [C, C], the Gram matrices.
        weave: the weave loss that the paintings have themselves.
        colors: float32 [2, 2], see `color_spread.color_covariance`.
    """

    grams: dict[str, np.ndarray]
    weave: float
    colors: np.ndarray


def pocket_aims(works: Sequence[np.ndarray]) -> Aims:
    """Returns what the pocket network aims at.

    Args:
        works: the paintings of one style, each uint8 [H, W, 3].
    """
    each = [_aims(fit_painting(work)) for work in works]
    return Aims(
        {
            name: np.mean([one.grams[name] for one in each], axis=0)
            for name in each[0].grams
        },
        float(np.mean([one.weave for one in each])),
        np.mean([one.colors for one in each], axis=0),
    )


def _aims(image):
    grams = {}
    for name, maps in pocket_features(image).items():
        flat = maps.reshape(-1, maps.shape[-1])
        grams[name] = flat.T @ flat / np.float32(len(flat))
    return Aims(grams, painting_weave(image), painting_colors(image))


def painting_colors(image: np.ndarray) -> np.ndarray:
    """Computes how colours are spread; see `color_spread.color_covariance`.

    Args:
        image: float32 [H, W, 3] in [0, 1].

    Returns:
        float32 [2, 2].
    """
    colors = (image @ OPPONENTS).reshape(-1, 2)
    return np.cov(colors.T, bias=True).astype(np.float32)


def painting_weave(image: np.ndarray) -> float:
    """Computes the weave loss of one picture; see `weave.weave_loss`.

    Args:
        image: float32 [H, W, 3] in [0, 1].

    Returns:
        The loss; 0 for a picture that is too small for a spectrum.
    """
    if min(image.shape[:2]) < MIN_BLOCK_SIZE:
        return 0.0
    size = block_size(*image.shape[:2])
    hann = window(size)
    step = size // 2
    blocks = np.lib.stride_tricks.sliding_window_view(
        image, (size, size), axis=(0, 1)
    )[::step, ::step]
    blocks = blocks - blocks.mean(axis=(-2, -1), keepdims=True)
    power = np.abs(np.fft.fft2(blocks * hann)) ** 2
    power = power.sum(axis=2) + ROUNDING_POWER * 3 * np.sum(hann**2)
    power /= power.mean(axis=(-2, -1), keepdims=True)
    spectrum = np.log(power.mean(axis=(0, 1)))
    around = neighbourhood()
    wide = np.pad(spectrum, NEIGHBOURHOOD_BINS, mode="wrap")
    near = np.lib.stride_tricks.sliding_window_view(wide, around.shape)
    mean = (near * around).sum(axis=(-2, -1)) / around.sum()
    tolerated, shares = weave_bins(size)
    excess = np.maximum(spectrum - mean - tolerated, 0)
    return float(np.sum(excess * shares))
