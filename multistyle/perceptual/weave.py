"""The weave loss: a pattern that repeats all over a picture."""

import functools

import numpy as np
from keras import ops

from multistyle.perceptual.spectrum import (
    LINE_BINS,
    lattice_bins,
    neighbourhood_mean,
)

# Periods in px; the coarse ones, from 6 px on, are one and a half to three of
# the residual blocks' pixels.
_SHORTEST, _COARSE, _LONGEST = 2, 6, 12
# log(p / n) up to which a line is chance: twice as strong, four times where it
# is fine. Fine ones count a fifth.
_TOLERATED, _FINE_TOLERATED = 0.7, 1.4
_FINE_SHARE = 0.2


def weave_loss(spectrum):
    """Measures how far regular patterns of 2 to 12 px stand out of a picture.

    The residual blocks, whose pixels are 4 px wide, left to themselves paint
    a honeycomb or a weave of about 9 px on whatever is smooth, and small
    networks a canvas of 3 px all over. For each frequency of these periods
    but those of the lattice loss it takes log(p / n) - t, or 0 where that is
    negative: p is the power there and n the geometric mean of the power around
    it. The mean of logarithms is fair to a spectrum that falls by a power of
    the frequency, as pictures' do, since log(r) is harmonic. n counts as a
    constant, or the loss would be paid in noise.

    From 6 px on t is 0.7. Below it is 1.4, and what is left counts a fifth:
    photographs, strokes and chance have lines there, too, and a training that
    is asked for more pays in strokes.

    Ours. Paintings have patterns, too; the trainer asks for no more than
    theirs.

    Args:
        spectrum: float32 tensor [B, n, n], as of `spectrum.mean_spectrum`.

    Returns:
        float32 tensor [B]: the sum over the frequencies, divided by the nine
        bins that a line fills; 0.29 in the mean of 24 photographs.
    """
    spectrum = ops.log(spectrum)
    around = ops.stop_gradient(neighbourhood_mean(spectrum))
    tolerated, shares = _bins(spectrum.shape[1])
    excess = ops.relu(ops.subtract(spectrum - around, tolerated))
    return ops.sum(ops.multiply(excess, shares), axis=(1, 2))


@functools.cache
def _bins(size):
    """Returns what each bin may have for nothing, and how much it counts."""
    frequency = np.fft.fftfreq(size)
    distance = np.hypot(frequency[:, None], frequency)
    is_inside = (distance <= 1 / _SHORTEST) & (distance >= 1 / _LONGEST)
    is_inside &= ~lattice_bins(size)
    is_fine = distance > 1 / _COARSE
    tolerated = np.where(is_fine, _FINE_TOLERATED, _TOLERATED)
    # Each frequency and its conjugate; a line is three bins wide.
    shares = is_inside * np.where(is_fine, _FINE_SHARE, 1)
    shares /= 2 * (2 * LINE_BINS + 1) ** 2
    return tolerated.astype("float32"), shares.astype("float32")
