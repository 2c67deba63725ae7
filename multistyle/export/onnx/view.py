"""What of a picture a graph sees, measures and gives, as places on its sides.

A window is seen with a margin, and painted without: all of that is which rows
and columns the network gets, and which of them count.
"""

from typing import NamedTuple

import numpy as np

from multistyle.export.onnx.nodes import Nodes
from multistyle.network.architecture import EXTENSION

# The network sees 55 pixels far: around a window so much more is seen.
WINDOW_MARGIN = 64
# Beyond every picture.
FAR = np.iinfo(np.int32).max
_GRID = 4


class Side(NamedTuple):
    """One side of what is seen, each value the name of an int64 tensor.

    Attributes:
        places: [n], rows or columns of the picture.
        shown: the pair of the first of these that is given, and of the one
            after the last, each [1].
        margins: the pair of how many of these, at the start and at the end,
            are not measured, each []; empty where all are.
    """

    places: str
    shown: tuple[str, str]
    margins: tuple[str, ...] = ()


def see_all(nodes: Nodes, size: str, extend: bool) -> Side:
    """Sees all of a side.

    Args:
        nodes: of the graph.
        size: rows or columns of the picture, int64 [].
        extend: whether the network continues pictures, by reflection.
    """
    view = _View(nodes, size, extend)
    return view.side(view.begin, view.end, view.number(0), size)


def see_window(nodes: Nodes, size: str, extend: bool, axis: int) -> Side:
    """Sees what the graph's inputs `window` and `margins` say.

    Args:
        nodes: of the graph.
        size: rows or columns of the picture, int64 [].
        extend: whether the network continues pictures, by reflection.
        axis: 0 of rows, 1 of columns.
    """
    view = _View(nodes, size, extend)
    op, number = nodes.op, view.number
    own_start, own_stop = (
        op("Gather", "window", number(place)) for place in (axis, axis + 2)
    )
    own_stop = op("Min", own_stop, size)
    around = WINDOW_MARGIN + (EXTENSION if extend else 0)
    start = op("Sub", own_start, number(around))
    start = view.on_grid(op("Max", start, view.begin))
    stop = op("Add", own_stop, number(around + _GRID - 1))
    stop = op("Min", view.on_grid(stop), view.end)
    margins = []
    # At a border, what the picture is continued by is measured, too.
    for place, is_inside, margin in (
        (2 * axis, ("Less", number(0), own_start), (own_start, start)),
        (2 * axis + 1, ("Less", own_stop, size), (stop, own_stop)),
    ):
        own = op("Where", op(*is_inside), op("Sub", *margin), number(0))
        given = op("Gather", "margins", number(place))
        margins.append(op("Add", own, given))
    return view.side(start, stop, own_start, own_stop, margins)


class _View:
    """A side, where what the network sees of it begins and ends."""

    def __init__(self, nodes, size, extend):
        self._nodes = nodes
        self._size = size
        self._extend = extend
        self.begin = self.number(0)
        self.end = size
        if extend:
            # (4 - size % 4) % 4; nothing is below 0.
            four = self.number(_GRID)
            rest = nodes.op("Sub", four, nodes.op("Mod", size, four))
            rest = nodes.op("Mod", rest, four)
            self.begin = self.number(-EXTENSION)
            self.end = nodes.op(
                "Add", nodes.op("Add", size, rest), self.number(EXTENSION)
            )

    def number(self, value):
        return self._nodes.number(value, np.int64)

    def on_grid(self, place):
        """The last place of the grid of four up to one; -8 is on it."""
        four = self.number(_GRID)
        return self._nodes.op("Mul", self._nodes.op("Div", place, four), four)

    def side(self, start, stop, own_start, own_stop, margins=()):
        nodes = self._nodes
        places = nodes.op("Range", start, stop, self.number(1))
        if self._extend:
            places = self._reflect(places)
        shown = (
            nodes.op("Reshape", nodes.op("Sub", own, start), self.number([1]))
            for own in (own_start, own_stop)
        )
        return Side(places, tuple(shown), tuple(margins))

    def _reflect(self, places):
        """Mirrors what lies beyond the borders, as `network.reflection`."""
        nodes = self._nodes
        last = nodes.op("Sub", self._size, self.number(1))
        places = nodes.op("Abs", places)
        mirrored = nodes.op("Sub", nodes.op("Add", last, last), places)
        # Twice, for pictures that are smaller than the two margins.
        return nodes.op("Abs", nodes.op("Min", places, mirrored))
