"""The weave loss: a pattern that repeats all over a picture."""

import functools
from typing import Any

import numpy as np
from keras import ops

from multistyle.perceptual.spectrum import (
    LINE_BINS,
    lattice_bins,
    neighbourhood_mean,
)

# Periods in px. The coarse ones, from 6 px on, are one and a half to three
# pixels of the residual blocks.
_SHORTEST, _COARSE, _LONGEST = 2, 6, 12
# log(p / n) up to which a line may be chance: twice the power around it, and
# four times where the line is fine. Fine lines count a fifth.
_TOLERATED, _FINE_TOLERATED = 0.7, 1.4
_FINE_SHARE = 0.2


def weave_loss(spectrum: Any) -> Any:
    """Measures how far regular patterns of 2 to 12 px stand out of a picture.

    A pixel of the residual blocks is 4 px wide. Without this loss the blocks
    paint a honeycomb or a weave of about 9 px on whatever is smooth, and
    small networks paint a canvas of 3 px all over. With p the power at a
    frequency, and n the geometric mean of the power around it, the loss there
    is log(p / n) - t, or 0 where that is negative; frequencies of the lattice
    loss are left out. n is a mean of logarithms because the spectra of
    pictures fall by a power of the frequency r, and log(r) is harmonic: its
    mean around a place is its value there. n counts as a constant: else the
    loss could be lowered by adding noise.

    From 6 px on t is 0.7. Below 6 px t is 1.4 and the rest counts a fifth,
    because photographs, strokes and chance have such lines, too, and a
    training that avoids them all loses strokes.

    Ours. Paintings have patterns, too: the trainer lets the network have as
    much as its paintings have.

    Args:
        spectrum: float32 tensor [B, n, n], see `spectrum.mean_spectrum`.

    Returns:
        float32 tensor [B]: the sum over the frequencies, divided by the nine
        bins that a line fills. The mean of 24 photographs is 0.29.
    """
    spectrum = ops.log(spectrum)
    around = ops.stop_gradient(neighbourhood_mean(spectrum))
    tolerated, shares = _bins(spectrum.shape[1])
    excess = ops.relu(ops.subtract(spectrum - around, tolerated))
    return ops.sum(ops.multiply(excess, shares), axis=(1, 2))


@functools.cache
def _bins(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns t of each bin, and how much the bin counts."""
    frequency = np.fft.fftfreq(size)
    distance = np.hypot(frequency[:, None], frequency)
    is_inside = (distance <= 1 / _SHORTEST) & (distance >= 1 / _LONGEST)
    is_inside &= ~lattice_bins(size)
    is_fine = distance > 1 / _COARSE
    tolerated = np.where(is_fine, _FINE_TOLERATED, _TOLERATED)
    # Each frequency is there twice, as its conjugate, too, and a line is
    # three bins wide.
    shares = is_inside * np.where(is_fine, _FINE_SHARE, 1)
    shares /= 2 * (2 * LINE_BINS + 1) ** 2
    return tolerated.astype("float32"), shares.astype("float32")
