"""The bins of a spectrum: which frequencies are lines, and what lies around.

NumPy alone. A spectrum is [n, n], in the order of `np.fft`.
"""

import functools

import numpy as np

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

# Periods in px. The coarse ones, from 6 px on, are one and a half to three
# pixels of the residual blocks.
_SHORTEST, _COARSE, _LONGEST = 2, 6, 12
# log(p / n) up to which a line may be chance: twice the power around it, and
# four times where the line is fine. Fine lines count a fifth.
_TOLERATED, _FINE_TOLERATED = 0.7, 1.4
_FINE_SHARE = 0.2


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


def window(size: int) -> np.ndarray:
    """Returns the window of a block, float64 [size, size]: Hann's, periodic.

    With it a line of the spectrum is three bins wide.
    """
    hann = np.hanning(size + 1)[:size]
    return np.outer(hann, hann)


@functools.cache
def weave_bins(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns what of each bin `weave_loss` tolerates, and how it counts.

    Args:
        size: int n, the side of the blocks.

    Returns:
        Two float32 arrays [n, n].
    """
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
