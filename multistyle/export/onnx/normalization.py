"""Conditional instance normalization as nodes; see `network.normalization`."""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from multistyle.export.onnx.nodes import Nodes
from multistyle.export.onnx.view import Side
from multistyle.network.architecture import EPSILON, FLAT
from multistyle.network.stored_weights import NetworkWeights


class Normalization:
    """Normalizes the layers of a graph, in the order of the pass.

    Of the graph's inputs it reads `style_weights` and `given_moments`; see
    `graph.build_graph`.

    Args:
        nodes: of the graph.
        weights: `NetworkWeights`.
        baked: whether the one style is a constant, and moments are measured.
        sides: rows and columns of the picture, what is measured of each.

    Example:
        >>> from multistyle.export.onnx.nodes import Nodes
        >>> from multistyle.export.onnx.normalization import Normalization
        >>> from multistyle.network.models import find_model
        >>> from multistyle.network.stored_weights import read_weights
        >>> weights = read_weights(find_model("paintings-fast"))
        >>> normalization = Normalization(Nodes(), weights, False, [])
        >>> normalization.num_channels
        403
    """

    def __init__(
        self,
        nodes: Nodes,
        weights: NetworkWeights,
        baked: bool,
        sides: Sequence[Side],
    ) -> None:
        self._nodes = nodes
        self._layers = weights.layers
        self._baked = baked
        self._sides = sides
        self._filters = [layer.kernel.shape[3] for layer in weights.layers]
        self._measured: list[tuple[str, str]] = []
        self._shares: dict[tuple[int, bool], tuple[str, ...]] = {}
        self._joined = "" if baked else self._join_parts()

    @property
    def num_channels(self) -> int:
        """The channels of all layers, R."""
        return sum(self._filters)

    def normalize(self, x: str, index: int, scale: int) -> str:
        """Normalizes what the convolution of a layer gives.

        Args:
            x: tensor [1, C, h, w].
            index: of the layer.
            scale: pixels of the picture a side of each of `x`.
        """
        nodes = self._nodes
        gamma, beta = self._styles(index)
        one = nodes.number(1)
        measured_mean = self._mean(x, index, scale)
        given = self._given(index)
        mean = self._choose(measured_mean, given, 0)
        centred = nodes.op("Sub", x, mean)
        squares = nodes.op("Mul", centred, centred)
        measured_variance = self._mean(squares, index, scale)
        if given is not None:
            # About the mean that was measured; the two are alike.
            shift = nodes.op("Sub", measured_mean, mean)
            measured_variance = nodes.op(
                "Sub", measured_variance, nodes.op("Mul", shift, shift)
            )
        variance = self._choose(measured_variance, given, 1)
        self._measured.append((measured_mean, measured_variance))
        # 0 for a flat channel, 1 for others, in between for a few.
        rounding = nodes.op(
            "Mul",
            nodes.op("Add", nodes.op("Mul", mean, mean), one),
            nodes.number(FLAT),
        )
        varied = nodes.op("Sub", nodes.op("Div", variance, rounding), one)
        varied = nodes.op("Clip", varied, nodes.number(0), one)
        deviation = nodes.op(
            "Sqrt", nodes.op("Add", variance, nodes.number(EPSILON))
        )
        factor = nodes.op("Mul", nodes.op("Div", gamma, deviation), varied)
        return nodes.op("Add", nodes.op("Mul", centred, factor), beta)

    def join_moments(self, output: str) -> None:
        """Names the moments that were measured in all layers, [2, R]."""
        nodes = self._nodes
        shape = nodes.number([1, -1], np.int64)
        rows = [
            nodes.op(
                "Reshape",
                nodes.op("Concat", *parts, attributes={"axis": 1}),
                shape,
            )
            for parts in zip(*self._measured, strict=True)
        ]
        nodes.op("Concat", *rows, output=output, attributes={"axis": 0})

    def _mean(self, x, index, scale):
        """Row by row, because one sum over all places rounds."""
        nodes = self._nodes
        if self._baked:
            for axis in (3, 2):
                x = nodes.op(
                    "ReduceMean", x, attributes={"axes": [axis], "keepdims": 1}
                )
            return x
        # Without extension odd sizes are larger on the way up.
        key = scale, index > len(self._layers) // 2
        if key not in self._shares:
            self._shares[key] = tuple(
                nodes.op("Reshape", self._share(x, axis, scale), shape)
                for axis, shape in (
                    (2, nodes.number([1, -1], np.int64)),
                    (3, nodes.number([-1, 1], np.int64)),
                )
            )
        rows, columns = self._shares[key]
        return nodes.op("MatMul", rows, nodes.op("MatMul", x, columns))

    def _share(self, x, axis, scale):
        """Returns the share in the mean of each place along an axis, [n]."""
        nodes = self._nodes
        zero, one = (nodes.number(i, np.int64) for i in (0, 1))
        length = nodes.op(
            "Gather", nodes.op("Shape", x), nodes.number(axis, np.int64)
        )
        before, after = (
            nodes.op("Div", margin, nodes.number(scale, np.int64))
            for margin in self._sides[axis - 2].margins
        )
        place = nodes.op("Range", zero, length, one)
        inside = nodes.op(
            "And",
            nodes.op("Less", place, nodes.op("Sub", length, after)),
            nodes.op("Not", nodes.op("Less", place, before)),
        )
        inside = nodes.op("Cast", inside, attributes={"to": TensorProto.FLOAT})
        return nodes.op("Div", inside, nodes.op("ReduceSum", inside))

    def _join_parts(self):
        """Returns the moments that are given, of all parts together, [2, R]."""
        nodes = self._nodes

        def average(x):
            return nodes.op(
                "ReduceMean", x, attributes={"axes": [0], "keepdims": 0}
            )

        joined = average("given_moments")
        away = nodes.op("Sub", "given_moments", joined)
        away = average(nodes.op("Mul", away, away))
        # The variance has that of the means, too.
        to_variance = nodes.number([[0, 0], [1, 0]])
        return nodes.op("Add", joined, nodes.op("MatMul", to_variance, away))

    def _given(self, index):
        """Returns a layer's given mean, variance, and what is not given."""
        if self._baked:
            return None
        nodes = self._nodes
        start = sum(self._filters[:index])
        part = nodes.op(
            "Slice",
            self._joined,
            nodes.number([start], np.int64),
            nodes.number([start + self._filters[index]], np.int64),
            nodes.number([1], np.int64),
        )
        part = nodes.op(
            "Reshape", part, nodes.number([2, 1, -1, 1, 1], np.int64)
        )
        mean, variance = (
            nodes.op(
                "Gather",
                part,
                nodes.number(row, np.int64),
                attributes={"axis": 0},
            )
            for row in (0, 1)
        )
        return mean, variance, nodes.op("Less", variance, nodes.number(0))

    def _choose(self, measured, given, which):
        if given is None:
            return measured
        return self._nodes.op("Where", given[2], measured, given[which])

    def _styles(self, index):
        """Returns the blended gamma and beta, each [1, C, 1, 1]."""
        nodes = self._nodes
        layer = self._layers[index]
        if self._baked:
            return [
                nodes.number(table[0][None, :, None, None])
                for table in (layer.gamma, layer.beta)
            ]
        shape = nodes.number([1, -1, 1, 1], np.int64)
        return [
            nodes.op(
                "Reshape",
                nodes.op("MatMul", "style_weights", nodes.table(table)),
                shape,
            )
            for table in (layer.gamma, layer.beta)
        ]
