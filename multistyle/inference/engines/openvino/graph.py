"""The network as a graph of OpenVINO, made for processors.

Layers of full size hold few channels, and vector units want many. So these
layers work on *blocks*: two by two pixels are one pixel of four times the
channels, ordered by row, column, channel. A convolution of pixels becomes one
of blocks, whose kernel holds the same numbers; strides, doubling and the
reflection around it are folded into that kernel.
"""

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from multistyle.inference.engines.openvino.kernels import BLOCK, fold
from multistyle.network.architecture import DOUBLING_LAYERS, EPSILON, FLAT
from multistyle.network.stored_weights import LayerWeights, NetworkWeights

# Raised with every change of `build_graph`, so that kept graphs are made anew.
VERSION = 5
PHASES = BLOCK * BLOCK
# A smaller variance, as a share of 1 + mean², is rounding; see
# `network.normalization`. The pixels of a block sum in different orders, and
# bfloat16 may round their sums apart.
FLAT_SHARES = {"float32": FLAT, "bfloat16": 2.0**-15}
# Layers that double the picture have sums of a kernel's numbers, which
# bfloat16 rounds apart for each of a block's pixels: up to 2**-13.6 was seen
# on flat pictures, where a wall with faint noise has 2**-2 or more.
DOUBLED_FLAT_SHARES = {"float32": FLAT, "bfloat16": 2.0**-9}
# The layers whose results are blocks.
BLOCK_LAYERS = ("contract_1", "expand_1", "expand_2", "expand_3")


def build_graph(
    weights: NetworkWeights, has_map: bool = False, precision: str = "float32"
) -> ov.Model:
    """Builds a network for pictures of any size that four divides.

    One graph measures moments and takes given ones: it uses
    `measured * is_measured + given`, so `given` is 0 or `is_measured` is.

    Args:
        weights: `NetworkWeights` with `extend_image`.
        has_map: bool, whether style weights vary over the picture.
        precision: "float32" or "bfloat16", what it will be compiled for.

    Returns:
        `openvino.Model`. Its inputs, all float32, where S is the sum of
        `num_channels` over all layers, and R that of their filters:
            image: [1, H, W, 3] in [0, 1];
            gamma, beta: each [1, S, 1, 1], the blended rows of all layers;
                or, with `has_map`, style_weights: [1, H, W, K], and gamma,
                beta: each [K, R], the rows of the K styles in it;
            mean, variance: each [1, S, 1, 1], the given moments or 0;
            is_measured: [1, 1, 1, 1], 0 or 1.
        Its outputs: the picture [1, H, W, 3], and the means and the variances
        that were used, each [1, S, 1, 1].
    """
    sizes = [num_channels(layer) for layer in weights.layers]
    row_shape = [1, sum(sizes), 1, 1]
    image = _parameter("image", [1, -1, -1, 3])
    if has_map:
        filters = [layer.kernel.shape[3] for layer in weights.layers]
        tables = [
            _parameter(name, [-1, sum(filters)]) for name in ("gamma", "beta")
        ]
        style_inputs = [_parameter("style_weights", [1, -1, -1, -1]), *tables]
        styles = _map_styles(
            style_inputs[0],
            weights.layers,
            zip(*(_split(x, filters) for x in tables), strict=True),
        )
    else:
        style_inputs = [
            _parameter(name, row_shape) for name in ("gamma", "beta")
        ]
        styles = zip(*(_split(x, sizes) for x in style_inputs), strict=True)
    given = [_parameter(name, row_shape) for name in ("mean", "variance")]
    is_measured = _parameter("is_measured", [1, 1, 1, 1])
    normalizations = [
        _Normalization(layer, style, moments, is_measured, precision)
        for layer, style, moments in zip(
            weights.layers,
            styles,
            zip(*(_split(x, sizes) for x in given), strict=True),
            strict=True,
        )
    ]
    picture = _paint(image, weights, normalizations)
    used = zip(*(each.used for each in normalizations), strict=True)
    return ov.Model(
        [picture, *(ops.concat(list(rows), axis=1) for rows in used)],
        [image, *style_inputs, *given, is_measured],
    )


def num_channels(layer: LayerWeights) -> int:
    """Returns how many channels a layer has in the graph."""
    filters = layer.kernel.shape[3]
    return PHASES * filters if layer.name in BLOCK_LAYERS else filters


def _paint(image, weights, normalizations):
    """Chains the layers; returns the picture [1, H, W, 3]."""
    kernels = [layer.kernel for layer in weights.layers]

    def apply(number, x, out_phases=1, in_phases=1, stride=1, addend=None):
        kernel = fold_or_transpose(kernels[number], out_phases, in_phases)
        x = normalizations[number](_convolve(x, kernel, stride))
        return x if addend is None else ops.add(x, addend)

    def fold_or_transpose(kernel, out_phases, in_phases):
        if out_phases == in_phases == 1:
            return np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
        return fold(kernel, out_phases, in_phases)

    x = _to_blocks(_pad(_transpose(image, (0, 3, 1, 2)), 4))
    full = x = ops.relu(apply(0, x, 2, 2))
    # A stride begins one pixel before the first; reflected, that is the
    # nearer one of the first block, so the block itself may stand there.
    x = _pad(x, (1, 0), "edge")
    half = x = ops.relu(apply(1, x, 1, 2))
    x = ops.relu(apply(2, _pad(x, 1), stride=2))
    for i in range(3, 13, 2):
        y = ops.relu(apply(i, _pad(x, 1)))
        x = apply(i + 1, _pad(y, 1), addend=x)
    if not weights.skip_connections:
        half = full = None
    # What is doubled and then reflected repeats the edge.
    x = _to_pixels(apply(13, _pad(x, 1, "edge"), 2, 1))
    x = ops.relu(x if half is None else ops.add(x, half))
    x = ops.relu(apply(14, _pad(x, 1, "edge"), 2, 1, addend=full))
    x = _to_blocks(_pad(_to_pixels(x), 4))
    x = _to_pixels(ops.sigmoid(apply(15, x, 2, 2)))
    return _transpose(x, (0, 2, 3, 1))


class _Normalization:
    """Conditional instance normalization of one layer.

    Args:
        layer: `LayerWeights`, with F channels as pixels.
        style: pair of gamma and beta, each [1, C, 1 or h, 1 or w].
        moments: pair of the given mean and variance, each [1, C, 1, 1].
        is_measured: [1, 1, 1, 1], see `build_graph`.
        precision: "float32" or "bfloat16".

    Call arguments:
        x: tensor [1, C, h, w], where C is F, or 4 F of blocks.

    Attributes:
        used: the mean and the variance that were used, each [1, C, 1, 1].
    """

    def __init__(self, layer, style, moments, is_measured, precision):
        self._filters = layer.kernel.shape[3]
        self._style = style
        self._moments = moments
        self._is_measured = is_measured
        is_doubling = layer.name in DOUBLING_LAYERS
        shares = DOUBLED_FLAT_SHARES if is_doubling else FLAT_SHARES
        self._flat_share = np.float32(shares[precision])
        # One sum over all places rounds. In bfloat16 the means of rows would
        # round more, but for the last layer: OpenVINO adds up its few
        # channels one number after the other.
        self._has_row_means = precision == "float32" or layer.name == "expand_3"
        self.used = None

    def __call__(self, x):
        gamma, beta = self._style
        mean = self._choose(x, self._moments[0])
        # Two passes: E[x²] - E[x]² goes below 0 on flat pictures.
        squares = ops.squared_difference(x, mean)
        variance = self._choose(squares, self._moments[1])
        self.used = mean, variance
        one = np.float32(1)
        # 0 for a flat channel, 1 for others, in between for a few.
        rounding = ops.multiply(
            ops.add(ops.multiply(mean, mean), one), self._flat_share
        )
        varied = ops.subtract(ops.divide(variance, rounding), one)
        varied = ops.clamp(varied, 0, 1)
        deviation = ops.sqrt(ops.add(variance, np.float32(EPSILON)))
        scale = ops.multiply(ops.divide(gamma, deviation), varied)
        shift = ops.subtract(beta, ops.multiply(mean, scale))
        return ops.add(ops.multiply(x, scale), shift)

    def _choose(self, x, given):
        """Returns the mean of `x` over its places, or what is given."""
        if self._has_row_means:
            mean = ops.reduce_mean(x, np.array([3]), keep_dims=True)
            # A product between them keeps OpenVINO from joining the two.
            mean = ops.multiply(mean, self._is_measured)
            mean = ops.reduce_mean(mean, np.array([2]), keep_dims=True)
        else:
            mean = ops.reduce_mean(x, np.array([2, 3]), keep_dims=True)
            mean = ops.multiply(mean, self._is_measured)
        # A block's pixels share their moments. Where there are none, the
        # product with 1 is still needed: it makes OpenVINO keep the channels
        # last, where it would otherwise reorder every layer at 2.4 times the
        # time of the whole.
        phases = x.get_output_partial_shape(0)[1].get_length() // self._filters
        average = np.tile(
            np.eye(self._filters, dtype=np.float32) / phases, (phases, phases)
        )
        return ops.add(_convolve(mean, average[:, :, None, None]), given)


def _map_styles(style_weights, layers, tables):
    """Yields the gamma and beta of each layer, of weights [1, H, W, K].

    Args:
        style_weights: tensor [1, H, W, K].
        layers: the `LayerWeights`.
        tables: of each layer the pair of gamma and beta, each [K, F].
    """
    half, quarter = (_thin(style_weights, step) for step in (2, 4))
    full_blocks, half_blocks = (
        _transpose(_to_blocks(_transpose(x, (0, 3, 1, 2))), (0, 2, 3, 1))
        for x in (style_weights, half)
    )
    fitting = {
        "contract_1": full_blocks,
        "contract_2": half,
        "expand_1": half_blocks,
        "expand_2": full_blocks,
        "expand_3": full_blocks,
    }
    for layer, pair in zip(layers, tables, strict=True):
        weights = fitting.get(layer.name, quarter)
        if layer.name in BLOCK_LAYERS:
            pair = (_table_of_blocks(x, layer.kernel.shape[3]) for x in pair)
        yield tuple(
            _transpose(ops.matmul(weights, table, False, False), (0, 3, 1, 2))
            for table in pair
        )


def _table_of_blocks(table, filters):
    """Repeats a table for the pixels of a block: [K, F] to [4 K, 4 F]."""
    repeated = [
        ops.pad(
            table,
            np.array([0, phase * filters]),
            np.array([0, (PHASES - 1 - phase) * filters]),
            "constant",
            np.float32(0),
        )
        for phase in range(PHASES)
    ]
    return ops.concat(repeated, axis=0)


def _parameter(name, shape):
    return ops.parameter(shape, np.float32, name=name)


def _split(rows, sizes):
    return ops.variadic_split(rows, 1, np.array(sizes)).outputs()


def _convolve(x, kernel, stride=1):
    kernel = ops.constant(kernel)  # Else a list is made, number by number.
    return ops.convolution(x, kernel, [stride] * 2, [0, 0], [0, 0], [1, 1])


def _pad(x, size, mode="reflect"):
    """Pads both axes by `size` on each side, or by (before, after)."""
    before, after = (size, size) if isinstance(size, int) else size
    return ops.pad(
        x,
        np.array([0, 0, before, before]),
        np.array([0, 0, after, after]),
        mode,
    )


def _thin(x, step):
    """Keeps every `step`-th row and column."""
    end = np.iinfo(np.int64).max
    return ops.slice(
        x,
        np.array([0, 0]),
        np.array([end, end]),
        np.array([step, step]),
        np.array([1, 2]),
    )


def _transpose(x, order):
    return ops.transpose(x, np.array(order))


def _to_blocks(x):
    return ops.space_to_depth(x, "blocks_first", BLOCK)


def _to_pixels(x):
    return ops.depth_to_space(x, "blocks_first", BLOCK)
