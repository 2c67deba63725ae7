"""The moments of a whole picture, estimated from a few of its patches."""

import functools
from collections.abc import Callable

import numpy as np

from multistyle.images.tiles import Window, take
from multistyle.images.values import to_float
from multistyle.inference.engines.engine import Moments
from multistyle.inference.engines.layers import Layers
from multistyle.inference.passes.patches import PATCH_SIZE, choose_patches
from multistyle.network.architecture import extension

NUM_PATCHES = 384
# Around a patch, so that its edges see what lies beyond them.
PATCH_MARGIN = 16
_BATCH_SIZE = 16
_FEWEST_PATCHES = 16


def affordable_patches(network: Layers, room: float) -> int:
    """Returns how many patches may be looked at in so many bytes of memory."""
    patch_pixels = (PATCH_SIZE + 2 * PATCH_MARGIN) ** 2
    # Three arrays of a full-size layer are held at a time.
    patch_bytes = patch_pixels * network.blocks[0].filters * 3 * 4
    return max(_FEWEST_PATCHES, min(NUM_PATCHES, int(room / patch_bytes)))


def estimate_moments(
    network: Layers,
    image: np.ndarray,
    weights_of: Callable[[Window], np.ndarray],
    num_patches: int = NUM_PATCHES,
) -> Moments:
    """Estimates the moments that one pass over all of a picture would have.

    The patches of `choose_patches` go through the network side by side, layer
    by layer; each layer's moments are those of all patches together, weighted
    by their shares, without their margins.

    Args:
        network: its `Layers`.
        image: [H, W, 3], uint8, uint16, or float in [0, 1]; H, W >= 8.
        weights_of: function of a `Window` that returns its style weights,
            float32 [N] or [h, w, N].
        num_patches: int, at most so many are looked at.

    Returns:
        dict layer name -> (mean, variance), each float32 [1, 1, 1, C].
    """
    patches, shares = choose_patches(image, num_patches)
    read = [_read_window(patch, image.shape[:2]) for patch in patches]
    x = np.stack([to_float(take(image, window)) for window, _ in read])
    cores = [core for _, core in read]
    # With what the picture is extended by, a patch at the border is larger.
    shares = shares * [
        np.prod(core.size) / np.prod(patch.size)
        for patch, core in zip(patches, cores, strict=True)
    ]
    shares /= shares.sum()
    weights = np.stack(
        [take(weights_of, window, image.shape[:2]) for window, _ in read]
    )
    if weights.ndim == 2:
        weights = weights[:, None, None]
    return _pooled_moments(network, x, weights, cores, shares)


def _pooled_moments(network, x, style_weights, cores, shares):
    """Runs patches [P, h, w, 3] through all layers under common moments."""
    size = x.shape[1]
    added = {block.addend for block in network.blocks}
    moments, outputs = {}, {}
    for block in network.blocks:
        x = _in_batches(functools.partial(_convolve, block), x)
        moments[block.name] = _pool(x, cores, shares, size // x.shape[1])
        addend = outputs.pop(block.addend, None)
        inputs = (x, style_weights) + (() if addend is None else (addend,))
        x = _in_batches(
            functools.partial(_finish, block, moments[block.name]),
            *inputs,
            into=x,
        )
        if block.name in added:
            outputs[block.name] = x
    return moments


def _convolve(block, x):
    if block.upsample:
        x = x.repeat(2, axis=1).repeat(2, axis=2)
    pad = [(block.kernel_size // 2,) * 2]
    return block.convolve(np.pad(x, [(0, 0), *pad * 2, (0, 0)], mode="reflect"))


def _finish(block, moments, x, style_weights, addend=None):
    return block.finish(x, style_weights, addend, moments)


def _in_batches(function, *arrays, into=None):
    """Applies a function of arrays to one batch after another.

    The results stand in one new array, or in the array `into`.
    """
    num_patches = len(arrays[0])
    for start in range(0, num_patches, _BATCH_SIZE):
        part = slice(start, start + _BATCH_SIZE)
        result = function(*(array[part] for array in arrays))
        if into is None:
            into = np.empty((num_patches, *result.shape[1:]), np.float32)
        into[part] = result
    return into


def _pool(x, cores, shares, factor):
    """Returns the moments of the cores of [P, h, w, C], weighted by share."""
    means, variances = [], []
    for patch, core in zip(x, cores, strict=True):
        values = Window(*(edge // factor for edge in core)).of(patch)
        means.append(values.mean(axis=(0, 1), dtype=np.float64))
        variances.append(values.var(axis=(0, 1), dtype=np.float64))
    means, shares = np.array(means), shares[:, None]
    mean = (shares * means).sum(axis=0)
    variance = (shares * (variances + (means - mean) ** 2)).sum(axis=0)
    return tuple(
        value.astype(np.float32)[None, None, None] for value in (mean, variance)
    )


def _read_window(patch, size):
    """Returns the window around a patch that is read, and the patch in it.

    All windows of a picture have one size, and lie on its grid of four. A
    patch at the border holds what the picture is extended by there.
    """
    spans = []
    for begin, end, length in (
        (patch.top, patch.bottom, size[0]),
        (patch.left, patch.right, size[1]),
    ):
        before, after = extension(length)
        first, last = -before, length + after
        span = min(last - first, PATCH_SIZE + 2 * PATCH_MARGIN)
        start = min(max(first, begin - PATCH_MARGIN), last - span)
        own_start = begin if begin > 0 else first
        own_stop = end if end < length else last
        spans.append(
            ((start, start + span), (own_start - start, own_stop - start))
        )
    (rows, own_rows), (columns, own_columns) = spans
    return Window(*rows, *columns), Window(*own_rows, *own_columns)
