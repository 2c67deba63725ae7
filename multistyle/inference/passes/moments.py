"""The moments of a whole picture, estimated from a few of its cells."""

import numpy as np
from keras import ops

from multistyle.images.tiles import Window, take
from multistyle.images.values import to_float
from multistyle.inference.passes.patches import CELL_SIZE, choose_cells
from multistyle.network.architecture import extension

NUM_CELLS = 384
# Around a cell, so that its edges see what lies beyond them.
CELL_MARGIN = 16
_BATCH_SIZE = 16
_FEWEST_CELLS = 16


def affordable_cells(network, room):
    """Returns how many cells may be looked at in so many bytes of memory."""
    patch_pixels = (CELL_SIZE + 2 * CELL_MARGIN) ** 2
    # Three arrays of a full-size layer are held at a time.
    patch_bytes = patch_pixels * network.blocks[0].filters * 3 * 4
    return max(_FEWEST_CELLS, min(NUM_CELLS, int(room / patch_bytes)))


def estimate_moments(network, image, weights_of, num_cells=NUM_CELLS):
    """Estimates the moments that one pass over all of a picture would have.

    The cells of `choose_cells` go through the network side by side, layer by
    layer; each layer's moments are those of all cells together, each weighted
    by its share, without the cells' margins.

    Args:
        network: a `TransformNetwork`.
        image: [H, W, 3], uint8, or float in [0, 1]; H, W >= 8.
        weights_of: function of a `Window` that returns its style weights,
            float32 [N] or [h, w, N].
        num_cells: int, at most so many are looked at.

    Returns:
        dict layer name -> (mean, variance), each float32 [1, 1, 1, C].
    """
    cells, shares = choose_cells(image, num_cells)
    patches = [_patch(cell, image.shape[:2]) for cell in cells]
    x = np.stack([to_float(take(image, window)) for window, _ in patches])
    cores = [core for _, core in patches]
    # With what the picture is extended by, a cell at the border is larger.
    shares = shares * [
        np.prod(core.size) / np.prod(cell.size)
        for cell, core in zip(cells, cores, strict=True)
    ]
    shares /= shares.sum()
    weights = np.stack(
        [take(weights_of, window, image.shape[:2]) for window, _ in patches]
    )
    if weights.ndim == 2:
        weights = weights[:, None, None]
    return _pooled_moments(network, x, weights, cores, shares)


def _pooled_moments(network, x, style_weights, cores, shares):
    """Runs patches [P, h, w, 3] through all layers under common moments."""
    size = x.shape[1]
    moments, outputs = {}, {}
    for block in network.blocks:
        x = _in_batches(block.convolve, x)
        moments[block.name] = _pool(x, cores, shares, size // x.shape[1])
        addend = outputs.pop(network.addends.get(block.name), None)
        inputs = (x, style_weights) + (() if addend is None else (addend,))
        x = _in_batches(
            lambda *batch, block=block: block.finish(
                *batch, moments=moments[block.name]
            ),
            *inputs,
            into=x,
        )
        if block.name in network.addends.values():
            outputs[block.name] = x
    return moments


def _in_batches(function, *arrays, into=None):
    """Applies a function of tensors to one batch after another.

    The results stand in one new array, or in the array `into`.
    """
    num_patches = len(arrays[0])
    for start in range(0, num_patches, _BATCH_SIZE):
        part = slice(start, start + _BATCH_SIZE)
        batch = [ops.convert_to_tensor(array[part]) for array in arrays]
        result = ops.convert_to_numpy(function(*batch))
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


def _patch(cell, size):
    """Returns the window around a cell that is read, and the cell in it.

    All windows of a picture have one size, and lie on its grid of four. A
    cell at the border holds what the picture is extended by there.
    """
    spans = []
    for begin, end, length in (
        (cell.top, cell.bottom, size[0]),
        (cell.left, cell.right, size[1]),
    ):
        before, after = extension(length)
        first, last = -before, length + after
        span = min(last - first, CELL_SIZE + 2 * CELL_MARGIN)
        start = min(max(first, begin - CELL_MARGIN), last - span)
        own_start = begin if begin > 0 else first
        own_stop = end if end < length else last
        spans.append(
            ((start, start + span), (own_start - start, own_stop - start))
        )
    (rows, own_rows), (columns, own_columns) = spans
    return Window(*rows, *columns), Window(*own_rows, *own_columns)
