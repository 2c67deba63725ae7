"""The plan of a large picture, as a graph: its levels, windows and rounds.

The levels are those of `inference.passes.levels.level_sizes`.
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto

from multistyle.export.onnx.nodes import Nodes, tensor_info
from multistyle.inference.passes.levels import DECIDING_SIZE, MOST_DOUBLINGS

TILE_SIZE = 1024
# After how many layers the moments of windows are joined. After each layer
# would be exact.
LAYERS_OF_ROUNDS = (3, 9, 13, 16)
_GRID = 4


def build_plan(
    filters: Sequence[int],
    *,
    deciding_size: int = DECIDING_SIZE,
    tile_size: int = TILE_SIZE,
    layers_of_rounds: Sequence[int] = LAYERS_OF_ROUNDS,
) -> onnx.ModelProto:
    """Builds the graph that says what is painted of a picture, in what order.

    Args:
        filters: of each layer of the network, R in all.
        deciding_size: the longest side of the first level, at most.
        tile_size: the longest side of a window, if the graph is not told.
        layers_of_rounds: after how many layers moments are joined, the last
            of them after all.

    Returns:
        A model whose inputs are
            size: int64 [2], height and width;
            stroke_scale: float32 [1], what the breadth of the strokes is
                multiplied by; 1 if it is not given;
            tile_size: int64 [1], the longest side of a window, that above if
                it is not given;
        and whose outputs, all int64, are
            levels: [L, 2], height and width of what is painted, coarse to
                fine; the last is `size`;
            windows: [P, 4], top, left, bottom and right of the windows of a
                picture of this size;
            rounds: [K, 2], how often it is painted: each time the moments
                from the first channel to before the second are joined, and
                given from then on. In the last round, the only one of a single
                window, there are none left.
    """
    nodes = Nodes()
    _levels(nodes, deciding_size)
    _windows(nodes)
    ends = [0, *(sum(filters[:count]) for count in layers_of_rounds)]
    rounds = [*itertools.pairwise(ends), (ends[-1], ends[-1])]
    several = nodes.op(
        "Greater",
        nodes.op("Shape", "windows", attributes={"start": 0, "end": 1}),
        nodes.number([1], np.int64),
    )
    nodes.op(
        "Slice",
        nodes.number(rounds, np.int64),
        nodes.op(
            "Where",
            several,
            nodes.number([0], np.int64),
            nodes.number([len(rounds) - 1], np.int64),
        ),
        nodes.number([len(rounds)], np.int64),
        output="rounds",
    )
    return nodes.model(
        [
            tensor_info("size", [2], np.int64),
            tensor_info("stroke_scale", [1]),
            tensor_info("tile_size", [1], np.int64),
        ],
        [
            tensor_info("levels", ["levels", 2], np.int64),
            tensor_info("windows", ["windows", 4], np.int64),
            tensor_info("rounds", ["rounds", 2], np.int64),
        ],
        {},
        {
            "stroke_scale": np.ones(1, np.float32),
            "tile_size": np.array([tile_size]),
        },
    )


def _levels(nodes, deciding_size):
    """Names `levels`; in double precision, so that sizes round alike."""
    op = nodes.op

    def number(value):
        return nodes.number(value, np.float64)

    def double(x):
        return op("Cast", x, attributes={"to": TensorProto.DOUBLE})

    size = double("size")
    longest = op("ReduceMax", size, attributes={"axes": [0]})
    least = op("Min", longest, number([deciding_size]))
    ratio = op("Mul", op("Div", longest, least), double("stroke_scale"))
    # One more level each time the ratio doubles; `Ceil` has no doubles.
    doublings = op("Div", op("Log", ratio), number(math.log(2)))
    doublings = op("Sub", doublings, number([MOST_DOUBLINGS - 1]))
    count = op("Neg", op("Floor", op("Neg", doublings)))
    count = op("Max", count, number([1]))
    first = op("Round", op("Div", longest, ratio))
    count = op("Where", op("Less", first, longest), count, number([0]))
    left = op("Range", op("Squeeze", count), number(-1), number(-1))
    share = op("Div", left, op("Max", count, number([1])))
    factor = op("Pow", ratio, op("Neg", share))
    factor = op("Reshape", factor, nodes.number([-1, 1], np.int64))
    sizes = op("Round", op("Mul", size, factor))
    op(
        "Cast",
        op("Max", sizes, number(1)),
        output="levels",
        attributes={"to": TensorProto.INT64},
    )


def _windows(nodes):
    """Names `windows`, of sizes that are nearly equal, on the grid of four."""
    op = nodes.op

    def number(value):
        return nodes.number(value, np.int64)

    def divide_up(x, by):
        return op("Div", op("Sub", op("Add", x, by), number([1])), by)

    ends = []
    for axis in (0, 1):
        length = op("Slice", "size", number([axis]), number([axis + 1]))
        count = op("Mul", divide_up(length, "tile_size"), number([_GRID]))
        step = op("Mul", divide_up(length, count), number([_GRID]))
        starts = op(
            "Range", number(0), op("Squeeze", length), op("Squeeze", step)
        )
        stops = op("Min", op("Add", starts, step), length)
        shape = number([[-1, 1, 1], [1, -1, 1]][axis])
        ends.append([op("Reshape", x, shape) for x in (starts, stops)])
    (tops, bottoms), (lefts, rights) = ends
    zero = op("Mul", op("Add", tops, lefts), number(0))
    sides = (op("Add", x, zero) for x in (tops, lefts, bottoms, rights))
    op(
        "Reshape",
        op("Concat", *sides, attributes={"axis": 2}),
        number([-1, 4]),
        output="windows",
    )
