"""Spectra: which periods a picture repeats, and by how much."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from multistyle.perceptual.spectrum import (
    LINE_BINS,
    MAX_BLOCK_SIZE,
    NEIGHBOURHOOD_BINS,
    ROUNDING_POWER,
    block_window,
    lattice_bins,
)

MIN_SIZE = 16
# Periods in px that `weave` looks at.
SHORTEST, LONGEST = 3, 10


class Lattice(NamedTuple):
    """How strong a lattice of 2 and of 4 px is; 1 where there is none."""

    period_2: float
    period_4: float


def lattice_energy(image):
    """Measures checkerboards and lattices, which strides and upsampling leave.

    The power at period 2, and at period 4, horizontal, vertical and diagonal,
    each divided by that of its neighbourhood in the spectrum; the largest
    quotient counts.

    Args:
        image: float [H, W, 3] in [0, 1], from 16 px.

    Returns:
        `Lattice`. Photographs have about 1 to 2.

    Reference:
        Odena et al., 2016, "Deconvolution and Checkerboard Artifacts", for
        the artefact.
    """
    excess = _excess(mean_spectrum(image))
    quarter = len(excess) // 4

    def largest(places):
        return max(float(excess[y * quarter, x * quarter]) for y, x in places)

    return Lattice(
        largest([(0, 2), (2, 0), (2, 2)]),
        largest([(0, 1), (1, 0), (1, 1), (1, 3), (1, 2), (2, 1)]),
    )


def weave(image):
    """Measures the strongest other pattern that repeats: stripes, a weave.

    As `lattice_energy`, at the frequency where the quotient is largest among
    the periods from 3 to 10 px, those of the lattice left out. A photograph
    of a fence or of wood has such patterns of its own.

    Args:
        image: float [H, W, 3] in [0, 1], from 16 px.

    Returns:
        float; about 2 to 3 where there is none, as the largest of many.
    """
    excess = _excess(mean_spectrum(image))
    size = len(excess)
    frequency = np.fft.fftfreq(size)
    distance = np.hypot(frequency[:, None], frequency[None])
    inside = (distance <= 1 / SHORTEST) & (distance >= 1 / LONGEST)
    inside &= ~lattice_bins(size)
    return float(excess[inside].max())


def mean_spectrum(image):
    """Computes the mean power spectrum of a picture's blocks.

    Blocks of 64 px overlap by half, lose their mean and are windowed by Hann.
    Each is divided by its own power, so that a pattern in smooth or dark
    places counts as much as one among strokes; a block that is flat but for
    its rounding to 8 bits counts as noise.

    Args:
        image: float [H, W, 3] in [0, 1], from 16 px; blocks are smaller
            where it is smaller than 64 px, and a multiple of 4.

    Returns:
        float64 [n, n], power by frequency in the order of `np.fft`, summed
        over the channels; its mean is 1.

    Raises:
        ValueError: if the picture is too small; the message has its size.
    """
    height, width = image.shape[:2]
    if min(height, width) < MIN_SIZE:
        raise ValueError(
            f"A spectrum needs {MIN_SIZE} px; the picture has "
            f"{height} x {width}."
        )
    size = min(MAX_BLOCK_SIZE, height, width) // 4 * 4
    hop = size // 2
    blocks = sliding_window_view(image, (size, size), axis=(0, 1))
    window = block_window(size)
    floor = ROUNDING_POWER * image.shape[2] * np.sum(window**2)
    total = np.zeros((size, size))
    for row in blocks[::hop, ::hop]:
        centred = row - row.mean((-1, -2), keepdims=True)
        power = np.abs(np.fft.fft2(centred * window)) ** 2
        power = power.sum(axis=1) + floor
        total += (power / power.mean((1, 2), keepdims=True)).sum(0)
    return total / total.mean()


def _excess(spectrum):
    """Divides each bin by the median of its neighbourhood."""
    reach = 2 * NEIGHBOURHOOD_BINS + 1
    padded = np.pad(spectrum, NEIGHBOURHOOD_BINS, mode="wrap")
    around = sliding_window_view(padded, (reach, reach))
    offset = np.abs(np.arange(reach) - NEIGHBOURHOOD_BINS)
    is_apart = np.maximum(offset[:, None], offset[None]) > LINE_BINS
    return spectrum / np.median(around[..., is_apart], axis=-1)
