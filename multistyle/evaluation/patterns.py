"""Patterns: which periods a picture repeats, and by how much."""

from typing import NamedTuple

import numpy as np
from keras import ops
from numpy.lib.stride_tricks import sliding_window_view

from multistyle.perceptual.bins import (
    LATTICE_LINES,
    NEIGHBOURHOOD_BINS,
    lattice_bins,
    neighbourhood,
)
from multistyle.perceptual.spectrum import mean_spectrum

# Periods in px that `weave` looks at.
SHORTEST, LONGEST = 3, 10


class Lattice(NamedTuple):
    """How strong a lattice of 2 and of 4 px is; 1 where there is none."""

    period_2: float
    period_4: float


def lattice_energy(image: np.ndarray) -> Lattice:
    """Measures checkerboards and lattices, which strides and upsampling leave.

    At each frequency of period 2, and of period 4, horizontal, vertical and
    diagonal, the power is divided by that of its neighbourhood in the
    spectrum; the largest quotient of a period counts.

    Args:
        image: float [H, W, 3] in [0, 1]; H, W >= 32.

    Returns:
        `Lattice`. Photographs have about 1 to 2.

    Raises:
        ValueError: if the picture is too small; the message has its size.

    Reference:
        Odena et al., 2016, "Deconvolution and Checkerboard Artifacts", for
        the artefact.
    """
    excess = _excess(image)
    quarter = len(excess) // 4
    return Lattice(
        *(
            max(float(excess[y * quarter, x * quarter]) for y, x in lines)
            for lines in (LATTICE_LINES[2], LATTICE_LINES[4])
        )
    )


def weave(image: np.ndarray) -> float:
    """Measures the strongest other pattern that repeats: stripes, a weave.

    It is the quotient of `lattice_energy` at the frequency where it is largest
    among the periods from 3 to 10 px; those of the lattice are left out. A
    photograph of a fence or of wood has such patterns of its own.

    Args:
        image: float [H, W, 3] in [0, 1]; H, W >= 32.

    Returns:
        float; about 2 to 3 where there is none, as the largest of many.

    Raises:
        ValueError: if the picture is too small; the message has its size.
    """
    excess = _excess(image)
    size = len(excess)
    frequency = np.fft.fftfreq(size)
    distance = np.hypot(frequency[:, None], frequency[None])
    inside = (distance <= 1 / SHORTEST) & (distance >= 1 / LONGEST)
    inside &= ~lattice_bins(size)
    return float(excess[inside].max())


def _excess(image: np.ndarray) -> np.ndarray:
    """Divides each bin of a spectrum by the median of its neighbourhood."""
    spectrum = ops.convert_to_numpy(mean_spectrum(image[None]))[0]
    is_around = neighbourhood()
    padded = np.pad(spectrum, NEIGHBOURHOOD_BINS, mode="wrap")
    around = sliding_window_view(padded, is_around.shape)
    return spectrum / np.median(around[..., is_around], axis=-1)
