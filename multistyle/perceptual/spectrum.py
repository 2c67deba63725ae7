"""The spectrum of pictures, in which what repeats stands out as a line.

The losses and the figures of an evaluation read the same spectrum.
"""

from typing import Any

import numpy as np
from keras import ops

from multistyle.perceptual.bins import (
    NEIGHBOURHOOD_BINS,
    ROUNDING_POWER,
    block_size,
    neighbourhood,
    window,
)


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
    hann = window(size)
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
    blocks = ops.multiply(blocks, hann.astype("float32"))
    real, imaginary = ops.fft2((blocks, ops.zeros_like(blocks)))
    power = ops.sum(ops.square(real) + ops.square(imaginary), axis=2)
    power = power + ROUNDING_POWER * channels * float(np.sum(hann**2))
    power = power / ops.mean(power, axis=(-2, -1), keepdims=True)
    return ops.mean(power, axis=1)


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
