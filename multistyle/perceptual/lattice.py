"""The lattice loss: the network's own grid, which no painter painted."""

import functools

import numpy as np
from keras import ops

from multistyle.perceptual.spectrum import (
    block_size,
    lines_and_neighbours,
    mean_spectrum,
)

# Frequencies of periods 2 and 4, in quarters of a cycle a pixel; those that
# are left out are the conjugates of these.
_LINES = (
    *((0, 2), (2, 0), (2, 2)),
    *((0, 1), (1, 0), (1, 1), (1, 3), (1, 2), (2, 1)),
)


def lattice_loss(image):
    """Measures how far a lattice of 2 or 4 px stands out of its picture.

    Two strides of two leave such a lattice in what a network paints, most
    plainly on smooth places. For each of the nine frequencies of these
    periods it takes log(p / n), or 0 where that is negative: p is the power
    there, n the mean power of the frequencies around it, in
    `spectrum.mean_spectrum`. n counts as a constant, or the loss would be paid
    in noise.

    Ours; `evaluation.spectra.lattice_energy` measures the same, for a report.

    Args:
        image: float tensor [B, H, W, C] in [0, 1]; H, W >= 32, static.

    Returns:
        float32 tensor [B]: the mean over the frequencies; 0.14 in the mean
        of 24 photographs, by chance and by what repeats in them.

    Raises:
        ValueError: if the picture is smaller than a block may be.
    """
    spectrum = mean_spectrum(image)
    lines, around = _bins(block_size(*image.shape[1:3]))
    line = ops.matmul(spectrum, lines)
    neighbours = ops.stop_gradient(ops.matmul(spectrum, around))
    return ops.mean(ops.relu(ops.log(line / neighbours)), axis=-1)


@functools.cache
def _bins(size):
    return lines_and_neighbours(size, np.multiply(_LINES, size // 4))
