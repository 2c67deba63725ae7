"""The lattice and the weave loss in a graph, with their gradients.

What they are, and why, `perceptual.lattice` and `perceptual.weave` say.
"""

import numpy as np
from openvino import opset13 as ops

from multistyle.inference.engines.openvino.tape import (
    Node,
    Value,
    convolved,
    cut,
    number,
    place,
    squared,
    total,
)
from multistyle.learning import aims
from multistyle.perceptual.bins import (
    LATTICE_LINES,
    NEIGHBOURHOOD_BINS,
    ROUNDING_POWER,
    block_size,
    neighbourhood,
    weave_bins,
    window,
)

_BINS = np.array([2, 3])


def add_spectrum_losses(picture: Value, weave: Node) -> None:
    """Adds the gradients of both losses to those of a picture.

    Args:
        picture: [1, 3, S, S], S from 32.
        weave: [1, 1, 1], the weave loss up to which there is no gradient.
    """
    side = picture.shape[2]
    size = block_size(side, side)
    starts = [
        (top, left)
        for top in range(0, side - size + 1, size // 2)
        for left in range(0, side - size + 1, size // 2)
    ]
    count = len(starts)
    # Each of the K blocks is one picture: [K, 3, n, n].
    blocks = ops.concat(
        [
            cut(cut(picture.node, 2, top, top + size), 3, left, left + size)
            for top, left in starts
        ],
        axis=0,
    )
    blocks = ops.subtract(blocks, ops.reduce_mean(blocks, _BINS, True))
    hann = window(size)
    blocks = ops.multiply(blocks, number(hann))
    # The transform as products with cosines and sines, whose matrices are
    # symmetric.
    angles = 2 * np.pi * np.outer(np.arange(size), np.arange(size)) / size
    cosine, sine = number(np.cos(angles)), number(np.sin(angles))

    def matmul(x, y):
        return ops.matmul(x, y, False, False)

    down_cosine, down_sine = matmul(cosine, blocks), matmul(sine, blocks)
    real = ops.subtract(matmul(down_cosine, cosine), matmul(down_sine, sine))
    imaginary = ops.add(matmul(down_cosine, sine), matmul(down_sine, cosine))
    power = ops.reduce_sum(
        ops.add(squared(real), squared(imaginary)), np.array([1]), True
    )
    least = ROUNDING_POWER * 3 * np.sum(hann**2)
    power = ops.add(power, number(least))
    level = ops.reduce_mean(power, _BINS, True)
    power = ops.divide(power, level)
    spectrum = ops.reduce_mean(power, np.array([0]), True)
    change = ops.multiply(_spectrum_change(spectrum, weave), number(1 / count))
    along = ops.reduce_mean(ops.multiply(change, power), _BINS, True)
    change = ops.divide(ops.subtract(change, along), level)
    change = ops.multiply(change, number(2))
    real = ops.multiply(real, change)
    imaginary = ops.multiply(imaginary, change)
    down_cosine = ops.add(matmul(real, cosine), matmul(imaginary, sine))
    down_sine = ops.subtract(matmul(imaginary, cosine), matmul(real, sine))
    blocks = ops.add(matmul(cosine, down_cosine), matmul(sine, down_sine))
    blocks = ops.multiply(blocks, number(hann))
    blocks = ops.subtract(blocks, ops.reduce_mean(blocks, _BINS, True))
    picture.gradients.append(
        total(
            [
                place(
                    place(cut(blocks, 0, i, i + 1), 2, top, side),
                    3,
                    left,
                    side,
                )
                for i, (top, left) in enumerate(starts)
            ]
        )
    )


def _spectrum_change(spectrum, weave):
    """Returns the gradient of both losses by bin, [1, 1, n, n]."""
    size = spectrum.get_output_shape(0)[2]
    quarter = size // 4
    lines = np.zeros((size, size))
    for places in LATTICE_LINES.values():
        for y, x in places:
            lines[y * quarter, x * quarter] = 1
    stands_out = _is_above(spectrum, _around(spectrum))
    lattice = ops.multiply(
        stands_out, number(aims.LATTICE * lines / lines.sum())
    )
    logarithm = ops.log(spectrum)
    tolerated, shares = weave_bins(size)
    excess = ops.relu(
        ops.subtract(
            ops.subtract(logarithm, _around(logarithm)), number(tolerated)
        )
    )
    loss = ops.reduce_sum(ops.multiply(excess, number(shares)), _BINS, True)
    is_more = _is_above(loss, ops.reshape(weave, np.array([1, 1, 1, 1]), False))
    woven = ops.multiply(
        ops.multiply(_is_above(excess, number(0)), is_more),
        number(aims.WEAVE * shares),
    )
    return ops.divide(ops.add(lattice, woven), spectrum)


def _around(spectrum):
    """Returns the mean of what lies around each bin."""
    size = spectrum.get_output_shape(0)[2]
    reach = NEIGHBOURHOOD_BINS
    for axis in (2, 3):
        spectrum = ops.concat(
            [
                cut(spectrum, axis, size - reach, size),
                spectrum,
                cut(spectrum, axis, 0, reach),
            ],
            axis=axis,
        )
    is_around = neighbourhood()
    kernel = (is_around / is_around.sum()).astype(np.float32)
    return convolved(spectrum, kernel[None, None])


def _is_above(x, y):
    return ops.convert(ops.greater(x, y), np.float32)
