"""The lattice loss: the network's own grid, which no painter painted."""

from keras import ops

from multistyle.perceptual.spectrum import neighbourhood_mean

# Frequencies of periods 2 and 4, in quarters of a cycle a pixel; those that
# are left out are the conjugates of these.
_LINES = (
    *((0, 2), (2, 0), (2, 2)),
    *((0, 1), (1, 0), (1, 1), (1, 3), (1, 2), (2, 1)),
)


def lattice_loss(spectrum):
    """Measures how far a lattice of 2 or 4 px stands out of its picture.

    Two strides of two leave such a lattice in what a network paints, most
    plainly on smooth places. For each of the nine frequencies of these
    periods it takes log(p / n), or 0 where that is negative: p is the power
    there, n the mean power of the frequencies around it. n counts as a
    constant, or the loss would be paid in noise.

    Ours; `evaluation.spectra.lattice_energy` measures the same, for a report.

    Args:
        spectrum: float32 tensor [B, n, n], as of `spectrum.mean_spectrum`.

    Returns:
        float32 tensor [B]: the mean over the frequencies; 0.14 in the mean
        of 24 photographs, by chance and by what repeats in them.
    """
    around = ops.stop_gradient(neighbourhood_mean(spectrum))
    excess = ops.relu(ops.log(spectrum / around))
    quarter = spectrum.shape[1] // 4
    lines = [excess[:, y * quarter, x * quarter] for y, x in _LINES]
    return ops.mean(ops.stack(lines, axis=1), axis=1)
