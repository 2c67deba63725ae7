"""The weave loss: a pattern that repeats all over a picture."""

from typing import Any

from keras import ops

from multistyle.perceptual.bins import weave_bins
from multistyle.perceptual.spectrum import neighbourhood_mean


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
    tolerated, shares = weave_bins(spectrum.shape[1])
    excess = ops.relu(ops.subtract(spectrum - around, tolerated))
    return ops.sum(ops.multiply(excess, shares), axis=(1, 2))
