"""The spectrum of pictures, in which what repeats stands out as a line.

The losses and the figures of an evaluation read the same spectrum.
"""

from typing import Any

import numpy as np
from keras import ops

MAX_BLOCK_SIZE = 64
MIN_BLOCK_SIZE = 32
# Half the width in bins of a line under Hann's window, and how far its
# neighbourhood reaches.
LINE_BINS, NEIGHBOURHOOD_BINS = 1, 5
# Period of a lattice in px -> its frequencies (y, x), in quarters of a cycle a
# pixel; the conjugates of these are left out.
LATTICE_LINES = {
    2: ((0, 2), (2, 0), (2, 2)),
    4: ((0, 1), (1, 0), (1, 1), (1, 3), (1, 2), (2, 1)),
}
# Power of rounding to 8 bits, a pixel and channel.
ROUNDING_POWER = (1 / 255) ** 2 / 12


def block_size(height: int, width: int) -> int:
    """Returns the side of the blocks that a spectrum is the mean of.

    Raises:
        ValueError: if the picture is smaller than a block may be.
    """
    size = min(MAX_BLOCK_SIZE, height // 4 * 4, width // 4 * 4)
    if size < MIN_BLOCK_SIZE:
        raise ValueError(
            f"A spectrum needs {MIN_BLOCK_SIZE} px; the picture has "
            f"{height} x {width}."
        )
    return size


def mean_spectrum(image: Any) -> Any:
    """Computes the mean power spectrum of the blocks of pictures.

    Blocks overlap by half, lose their mean and are windowed by Hann. The power
    of each block is divided by its own mean, so that a pattern in smooth or
    dark places counts as much as one among strokes. A block that is flat but
    for its rounding to 8 bits counts as noise.

    Args:
        image: float tensor [B, H, W, C] in [0, 1]; H, W >= 32, static.

    Returns:
        float32 tensor [B, n, n], power by frequency in the order of `np.fft`,
        summed over the channels; n is the `block_size`, and the mean of a
        spectrum is 1.

    Raises:
        ValueError: if the picture is too small; the message has its size.
    """
    image = ops.cast(image, "float32")
    height, width, channels = image.shape[1:]
    size = block_size(height, width)
    window = _window(size)
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
    blocks = ops.multiply(blocks, window.astype("float32"))
    real, imaginary = ops.fft2((blocks, ops.zeros_like(blocks)))
    power = ops.sum(ops.square(real) + ops.square(imaginary), axis=2)
    power = power + ROUNDING_POWER * channels * float(np.sum(window**2))
    power = power / ops.mean(power, axis=(-2, -1), keepdims=True)
    return ops.mean(power, axis=1)


def lattice_bins(size: int) -> np.ndarray:
    """Returns where the lines of lattices of 2 and 4 px lie, bool [n, n].

    Args:
        size: int n, the side of the blocks, a multiple of 4.
    """
    near = np.abs((np.arange(size) + size // 8) % (size // 4) - size // 8)
    is_near = near <= LINE_BINS
    return np.outer(is_near, is_near)


def neighbourhood() -> np.ndarray:
    """Returns what lies around a bin, bool [11, 11] with the bin in the middle.

    It is what is at most five bins away, down and across, and not of a line
    there, which is three bins wide.
    """
    distance = np.abs(np.arange(-NEIGHBOURHOOD_BINS, NEIGHBOURHOOD_BINS + 1))
    return np.maximum(distance[:, None], distance) > LINE_BINS


def neighbourhood_mean(spectrum: Any) -> Any:
    """Computes the mean of what lies around each bin of spectra.

    Args:
        spectrum: float32 tensor [B, n, n], of power or of its logarithm; it
            goes round at its ends.

    Returns:
        float32 tensor [B, n, n].
    """
    reach, size = NEIGHBOURHOOD_BINS, spectrum.shape[1]
    bins = np.arange(-reach, size + reach) % size
    spectrum = ops.take(ops.take(spectrum, bins, axis=1), bins, axis=2)
    # One ring, not a square less its middle, whose power may be millions of
    # times that around it.
    is_around = neighbourhood()
    kernel = (is_around / is_around.sum()).astype("float32")
    return ops.conv(
        spectrum[..., None],
        kernel[..., None, None],
        data_format="channels_last",
    )[..., 0]


def _window(size: int) -> np.ndarray:
    """Returns the window of a block, float64 [size, size]: Hann's, periodic.

    With it a line of the spectrum is three bins wide.
    """
    hann = np.hanning(size + 1)[:size]
    return np.outer(hann, hann)
