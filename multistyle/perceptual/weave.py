"""The weave loss: a pattern that repeats all over a picture."""

import functools

import numpy as np
from keras import ops

from multistyle.perceptual.spectrum import (
    LINE_BINS,
    block_size,
    lines_and_neighbours,
    mean_spectrum,
)

# Periods in px: from one and a half to three of the residual blocks' pixels.
_SHORTEST, _LONGEST = 6, 12
# log(p / n) up to which a line is chance: twice as strong.
_TOLERATED = 0.7


def weave_loss(image):
    """Measures how far regular patterns of 6 to 12 px stand out of a picture.

    The residual blocks, whose pixels are 4 px wide, left to themselves paint
    a honeycomb or a weave of about 9 px on whatever is smooth. For each
    frequency of these periods it takes log(p / n) - 0.7, or 0 where that is
    negative: p is the power there and n the geometric mean of the power around
    it, in `spectrum.mean_spectrum`. The mean of logarithms is fair to a
    spectrum that falls by a power of the frequency, as pictures' do, since
    log(r) is harmonic. n counts as a constant, or the loss would be paid in
    noise.

    From 3 px on it is no use: what photographs and chance have there is more
    than the network's own, and a training pays in strokes.

    Ours. Paintings have patterns, too; the trainer asks for no more than
    theirs.

    Args:
        image: float tensor [B, H, W, C] in [0, 1]; H, W >= 32, static.

    Returns:
        float32 tensor [B]: the sum over the frequencies, divided by the nine
        bins that a line fills; 0.34 in the mean of 24 photographs.

    Raises:
        ValueError: if the picture is smaller than a block may be.
    """
    spectrum = ops.log(mean_spectrum(image))
    lines, around = _bins(block_size(*image.shape[1:3]))
    line = ops.matmul(spectrum, lines)
    neighbours = ops.stop_gradient(ops.matmul(spectrum, around))
    excess = ops.relu(line - neighbours - _TOLERATED)
    return ops.sum(excess, axis=-1) / (2 * LINE_BINS + 1) ** 2


@functools.cache
def _bins(size):
    frequency = np.fft.fftfreq(size)
    y, x = frequency[:, None], frequency[None]
    distance = np.hypot(y, x)
    is_inside = (distance <= 1 / _SHORTEST) & (distance >= 1 / _LONGEST)
    # The other half are the conjugates of these.
    is_inside &= (y > 0) | ((y == 0) & (x > 0))
    return lines_and_neighbours(size, np.argwhere(is_inside))
