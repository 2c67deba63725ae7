"""Conditional instance normalization as nodes; see `network.normalization`."""

import numpy as np

from multistyle.export.onnx.nodes import Nodes
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

    Example:
        >>> from multistyle.export.onnx.nodes import Nodes
        >>> from multistyle.export.onnx.normalization import Normalization
        >>> from multistyle.network.models import find_model
        >>> from multistyle.network.stored_weights import read_weights
        >>> weights = read_weights(find_model("paintings-fast"))
        >>> normalization = Normalization(Nodes(), weights, baked=False)
        >>> normalization.num_channels
        403
    """

    def __init__(
        self, nodes: Nodes, weights: NetworkWeights, baked: bool
    ) -> None:
        self._nodes = nodes
        self._layers = weights.layers
        self._baked = baked
        self._filters = [layer.kernel.shape[3] for layer in weights.layers]
        self._used: list[tuple[str, str]] = []

    @property
    def num_channels(self) -> int:
        """The channels of all layers, R."""
        return sum(self._filters)

    def normalize(self, x: str, index: int) -> str:
        """Normalizes what the convolution of a layer gives.

        Args:
            x: tensor [1, C, h, w].
            index: of the layer.
        """
        nodes = self._nodes
        gamma, beta = self._styles(index)
        one = nodes.number(1)
        given = self._given(index)
        mean = self._choose(self._mean(x), given, 0)
        centred = nodes.op("Sub", x, mean)
        squares = nodes.op("Mul", centred, centred)
        variance = self._choose(self._mean(squares), given, 1)
        self._used.append((mean, variance))
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
        scale = nodes.op("Mul", nodes.op("Div", gamma, deviation), varied)
        return nodes.op("Add", nodes.op("Mul", centred, scale), beta)

    def join_moments(self, output: str) -> None:
        """Names the moments that all layers used, [2, R]."""
        nodes = self._nodes
        shape = nodes.number([1, -1], np.int64)
        rows = [
            nodes.op(
                "Reshape",
                nodes.op("Concat", *parts, attributes={"axis": 1}),
                shape,
            )
            for parts in zip(*self._used, strict=True)
        ]
        nodes.op("Concat", *rows, output=output, attributes={"axis": 0})

    def _mean(self, x):
        """Row by row, because one sum over all places rounds."""
        for axis in (3, 2):
            x = self._nodes.op(
                "ReduceMean", x, attributes={"axes": [axis], "keepdims": 1}
            )
        return x

    def _given(self, index):
        """Returns a layer's given mean, variance, and what is not given."""
        if self._baked:
            return None
        nodes = self._nodes
        start = sum(self._filters[:index])
        part = nodes.op(
            "Slice",
            "given_moments",
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
