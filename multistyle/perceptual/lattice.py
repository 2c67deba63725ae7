"""The lattice loss: the network's own grid, which no painter painted."""

import functools

import numpy as np
from keras import ops

MAX_BLOCK_SIZE = 64
MIN_BLOCK_SIZE = 32

# Frequencies of periods 2 and 4, in quarters of a cycle a pixel; those that
# are left out are the conjugates of these.
_LINES = (
    *((0, 2), (2, 0), (2, 2)),
    *((0, 1), (1, 0), (1, 1), (1, 3), (1, 2), (2, 1)),
)
# Bins of a line itself, under Hann's window, and of its neighbourhood.
LINE_BINS, NEIGHBOURHOOD_BINS = 1, 5
# Power of rounding to 8 bits, a pixel and channel.
ROUNDING_POWER = (1 / 255) ** 2 / 12


def block_window(size):
    """Returns the window of a block, float64 [size, size]: Hann's, periodic.

    With it a line of the spectrum is three bins wide.
    """
    hann = np.hanning(size + 1)[:size]
    return np.outer(hann, hann)


def lattice_loss(image):
    """Measures how far a lattice of 2 or 4 px stands out of its picture.

    Two strides of two leave such a lattice in what a network paints, most
    plainly on smooth places. For each of the nine frequencies of these
    periods it takes log(p / n), or 0 where that is negative: p is the power
    there, n the mean power of the frequencies around it, in the mean of
    blocks of up to 64 px, each divided by its own power. n counts as a
    constant, or the loss would be paid in noise.

    Ours; `evaluation.spectra.lattice_energy` measures the same, for a report.

    Args:
        image: float tensor [B, H, W, C] in [0, 1]; H, W >= 32, static.

    Returns:
        float32 tensor [B]: the mean over the frequencies; 0.14 in the mean
        of 24 photographs, by chance and by what repeats in them.

    Raises:
        ValueError: if the picture is smaller than a block may be.
    """
    image = ops.cast(image, "float32")
    height, width, channels = image.shape[1:]
    size = min(MAX_BLOCK_SIZE, height // 4 * 4, width // 4 * 4)
    if size < MIN_BLOCK_SIZE:
        raise ValueError(
            f"The lattice loss needs {MIN_BLOCK_SIZE} px; the picture has "
            f"{height} x {width}."
        )
    window, lines, around = _bins(size)
    planes = ops.transpose(image, (0, 3, 1, 2))
    blocks = ops.stack(
        [
            planes[:, :, y : y + size, x : x + size]
            for y in range(0, height - size + 1, size // 2)
            for x in range(0, width - size + 1, size // 2)
        ],
        axis=1,
    )
    blocks = blocks - ops.mean(blocks, axis=(-2, -1), keepdims=True)
    blocks = ops.multiply(blocks, window)
    real, imaginary = ops.fft2((blocks, ops.zeros_like(blocks)))
    power = ops.sum(ops.square(real) + ops.square(imaginary), axis=2)
    # A block that is flat but for its rounding counts as noise.
    power = power + ROUNDING_POWER * channels * float(np.sum(window**2))
    power = power / ops.mean(power, axis=(-2, -1), keepdims=True)
    spectrum = ops.reshape(ops.mean(power, axis=1), (-1, size * size))
    line = ops.matmul(spectrum, lines)
    neighbours = ops.stop_gradient(ops.matmul(spectrum, around))
    return ops.mean(ops.relu(ops.log(line / neighbours)), axis=-1)


@functools.cache
def _bins(size):
    """Returns a block's window, and what picks its lines and their means.

    Returns:
        float32 arrays [size, size], [size * size, 9] and [size * size, 9].
    """
    lines, around = np.zeros((2, size, size, len(_LINES)))
    offsets = range(-NEIGHBOURHOOD_BINS, NEIGHBOURHOOD_BINS + 1)
    for i, (y, x) in enumerate(np.multiply(_LINES, size // 4)):
        lines[y, x, i] = 1
        for dy in offsets:
            for dx in offsets:
                if max(abs(dy), abs(dx)) > LINE_BINS:
                    around[(y + dy) % size, (x + dx) % size, i] = 1
    around /= around.sum((0, 1))
    shape = (size * size, len(_LINES))
    return (
        block_window(size).astype("float32"),
        lines.reshape(shape).astype("float32"),
        around.reshape(shape).astype("float32"),
    )
