"""The lattice loss: the network's own grid, which no painter painted."""

from typing import Any

from keras import ops

from multistyle.perceptual.bins import LATTICE_LINES
from multistyle.perceptual.spectrum import neighbourhood_mean


def lattice_loss(spectrum: Any) -> Any:
    """Measures how far a lattice of 2 or 4 px stands out of its picture.

    Two strides of two leave such a lattice in what a network paints, most
    plainly where a picture is smooth. With p the power at one of the nine
    frequencies of these periods, and n the mean power of the frequencies
    around it, the loss there is log(p / n), or 0 where that is negative. n
    counts as a constant: else the loss could be lowered by adding noise.

    Ours. `evaluation.patterns.lattice_energy` says the same to a reader.

    Args:
        spectrum: float32 tensor [B, n, n], see `spectrum.mean_spectrum`.

    Returns:
        float32 tensor [B]: the mean over the frequencies. The mean of 24
        photographs is 0.14, by chance and by what repeats in them.
    """
    around = ops.stop_gradient(neighbourhood_mean(spectrum))
    excess = ops.relu(ops.log(spectrum / around))
    quarter = spectrum.shape[1] // 4
    at_lines = [
        excess[:, y * quarter, x * quarter]
        for lines in LATTICE_LINES.values()
        for y, x in lines
    ]
    return ops.mean(ops.stack(at_lines, axis=1), axis=1)
