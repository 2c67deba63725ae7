"""Kernels of convolutions whose pixels come or go in blocks."""

import numpy as np

# Pixels a side.
BLOCK = 2


def fold(
    kernel: np.ndarray, out_phases: int = 1, in_phases: int = 1
) -> np.ndarray:
    """Makes the kernel of a convolution that takes or gives blocks.

    From pixels to blocks the pixels are doubled first, by nearest neighbour;
    from blocks to pixels there are strides of two.

    Args:
        kernel: [k, k, C, F], k odd, as Keras has it.
        out_phases: 2 where blocks come out, 1 for pixels.
        in_phases: 2 where blocks go in, 1 for pixels.

    Returns:
        float32 array [out_phases² F, in_phases² C, k', k'], as OpenVINO has
        it.
    """
    size, _, channels, filters = kernel.shape
    # Tap t of the output pixel 2 i + a is at 2 i + a + t - k // 2.
    place = np.add.outer(np.arange(out_phases), np.arange(size)) - size // 2
    offset = place // BLOCK - place.min() // BLOCK
    taps = np.zeros((out_phases, size, offset.max() + 1, in_phases))
    for a, t in np.ndindex(place.shape):
        taps[a, t, offset[a, t], place[a, t] % in_phases] = 1
    folded = np.einsum(
        "atop,bsuq,tsif->abfpqiou", taps, taps, kernel, optimize=True
    )
    shape = (out_phases**2 * filters, in_phases**2 * channels)
    return folded.reshape(*shape, *folded.shape[-2:]).astype(np.float32)
