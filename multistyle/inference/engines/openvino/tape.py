"""The tape: a graph of OpenVINO that also computes gradients.

OpenVINO has no gradients of its own. Each call adds nodes for the way there and
remembers those for the way back, which `run_back` adds in reverse order.
Tensors are [B, C, h, w] and of fixed sizes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from openvino import opset13 as ops

from multistyle.network.architecture import EPSILON

# A node of a graph, or one of its outputs.
Node = Any
_PLACES = np.array([2, 3])


class Value:
    """A node whose gradient is asked for.

    Attributes:
        node: the tensor.
        gradients: nodes of its shape; their sum is the gradient of what is
            minimized.
    """

    def __init__(self, node: Node) -> None:
        self.node = node
        self.gradients: list[Node] = []

    @property
    def shape(self) -> list[int]:
        """Its fixed sizes."""
        return list(self.node.get_output_shape(0))


class Tape:
    """Builds a graph forth, and then back.

    Each method returns a new `Value` of what it says.

    Example:
        >>> import numpy as np
        >>> from openvino import opset13 as ops
        >>> from multistyle.inference.engines.openvino.tape import Tape, Value
        >>> tape = Tape()
        >>> x = Value(ops.parameter([1, 1, 2, 2], np.float32))
        >>> y = tape.relu(x)
        >>> y.gradients.append(y.node)
        >>> tape.run_back()
        >>> len(x.gradients)
        1
    """

    def __init__(self) -> None:
        self._steps: list[tuple[Value, Callable[[Node], None]]] = []

    def run_back(self) -> None:
        """Adds the nodes of all gradients, from the last value to the first."""
        for value, back in reversed(self._steps):
            if value.gradients:
                back(total(value.gradients))

    def _record(self, node: Node, back: Callable[[Node], None]) -> Value:
        value = Value(node)
        self._steps.append((value, back))
        return value

    def reflect(self, x: Value, size: int) -> Value:
        """Extends both axes by reflection."""

        def back(gradient):
            for axis in (2, 3):
                side = x.shape[axis]
                inner = cut(gradient, axis, size, size + side)
                before = _mirror(cut(gradient, axis, 0, size), axis)
                after = _mirror(
                    cut(gradient, axis, size + side, 2 * size + side), axis
                )
                gradient = total(
                    [
                        inner,
                        place(before, axis, 1, side),
                        place(after, axis, side - 1 - size, side),
                    ]
                )
            x.gradients.append(gradient)

        return self._record(extended(x.node, size), back)

    def convolve(
        self, x: Value, kernel: np.ndarray, stride: int = 1, padding: int = 0
    ) -> Value:
        """Convolves by [F, C, k, k], zeros around."""

        def back(gradient):
            if stride == 1:
                turned = np.ascontiguousarray(
                    kernel[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
                )
                outer = kernel.shape[2] - 1 - padding
                x.gradients.append(convolved(gradient, turned, 1, outer))
                return
            x.gradients.append(
                ops.convolution_backprop_data(
                    gradient,
                    number(kernel),
                    [stride] * 2,
                    ops.constant(np.array(x.shape[2:], np.int64)),
                    pads_begin=[padding] * 2,
                    pads_end=[padding] * 2,
                )
            )

        return self._record(convolved(x.node, kernel, stride, padding), back)

    def add(self, x: Value, y: Value) -> Value:
        """Adds two values of one shape."""

        def back(gradient):
            x.gradients.append(gradient)
            y.gradients.append(gradient)

        return self._record(ops.add(x.node, y.node), back)

    def shift(self, x: Value, constant: np.ndarray) -> Value:
        """Adds a constant."""
        return self._record(
            ops.add(x.node, number(constant)), x.gradients.append
        )

    def relu(self, x: Value) -> Value:
        """Takes what is above 0."""
        y = ops.relu(x.node)

        def back(gradient):
            is_above = ops.convert(ops.greater(y, number(0)), np.float32)
            x.gradients.append(ops.multiply(gradient, is_above))

        return self._record(y, back)

    def sigmoid(self, x: Value) -> Value:
        """Squeezes into [0, 1]."""
        y = ops.sigmoid(x.node)

        def back(gradient):
            slope = ops.multiply(y, ops.subtract(number(1), y))
            x.gradients.append(ops.multiply(gradient, slope))

        return self._record(y, back)

    def double(self, x: Value) -> Value:
        """Doubles height and width by nearest neighbour."""

        def back(gradient):
            x.gradients.append(ops.multiply(_halved(gradient), number(4)))

        return self._record(_doubled(x.node), back)

    def halve(self, x: Value) -> Value:
        """Halves height and width, which are even, by means."""

        def back(gradient):
            x.gradients.append(_doubled(ops.multiply(gradient, number(0.25))))

        return self._record(_halved(x.node), back)

    def normalize(self, x: Value, gamma: Value, beta: Value) -> Value:
        """Normalizes each channel of each picture, then scales and shifts.

        Args:
            x: [B, C, h, w].
            gamma, beta: each [1, C, 1, 1].
        """
        mean = ops.reduce_mean(x.node, _PLACES, True)
        centred = ops.subtract(x.node, mean)
        variance = ops.reduce_mean(squared(centred), _PLACES, True)
        deviation = ops.sqrt(ops.add(variance, number(EPSILON)))
        unit = ops.divide(centred, deviation)

        def back(gradient):
            along = ops.multiply(gradient, unit)
            everywhere = np.array([0, 2, 3])
            gamma.gradients.append(ops.reduce_sum(along, everywhere, True))
            beta.gradients.append(ops.reduce_sum(gradient, everywhere, True))
            flat = ops.reduce_mean(gradient, _PLACES, True)
            share = ops.reduce_mean(along, _PLACES, True)
            change = ops.subtract(
                ops.subtract(gradient, flat), ops.multiply(unit, share)
            )
            x.gradients.append(
                ops.multiply(change, ops.divide(gamma.node, deviation))
            )

        scaled = ops.multiply(unit, gamma.node)
        return self._record(ops.add(scaled, beta.node), back)


def number(value: Any) -> Node:
    """Returns a float32 constant.

    Of an array alone OpenVINO would make a Python list, number by number: of
    a large kernel tens of megabytes for a moment.
    """
    return ops.constant(np.asarray(value, np.float32))


def total(nodes: Sequence[Node]) -> Node:
    """Returns the sum of nodes of one shape."""
    result = nodes[0]
    for node in nodes[1:]:
        result = ops.add(result, node)
    return result


def squared(node: Node) -> Node:
    """Returns the square of each number."""
    return ops.multiply(node, node)


def convolved(
    node: Node, kernel: np.ndarray, stride: int = 1, padding: int = 0
) -> Node:
    """Convolves [B, C, h, w] by [F, C, k, k], zeros around."""
    return ops.convolution(
        node, number(kernel), [stride] * 2, [padding] * 2, [padding] * 2, [1, 1]
    )


def extended(node: Node, size: int) -> Node:
    """Extends both axes of places by reflection."""
    around = np.array([0, 0, size, size])
    return ops.pad(node, around, around, "reflect")


def cut(node: Node, axis: int, start: int, stop: int) -> Node:
    """Returns a part along one axis."""
    return ops.slice(
        node,
        np.array([start]),
        np.array([stop]),
        np.array([1]),
        np.array([axis]),
    )


def place(node: Node, axis: int, start: int, side: int) -> Node:
    """Sets a part where it was along an axis of `side`, zeros around."""
    shape = node.get_output_shape(0)
    before = np.zeros(len(shape), int)
    after = np.zeros(len(shape), int)
    before[axis], after[axis] = start, side - start - shape[axis]
    return ops.pad(node, before, after, "constant", number(0))


def _mirror(node, axis):
    return ops.slice(
        node,
        np.array([-1]),
        np.array([np.iinfo(np.int64).min]),
        np.array([-1]),
        np.array([axis]),
    )


def _doubled(node):
    height, width = node.get_output_shape(0)[2:]
    return ops.interpolate(
        node,
        ops.constant(np.array([2 * height, 2 * width], np.int64)),
        "nearest",
        "sizes",
        axes=_PLACES,
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _halved(node):
    return ops.avg_pool(node, [2, 2], [0, 0], [0, 0], [2, 2], False)
