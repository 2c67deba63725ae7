"""What lies between the levels of a large picture, as graphs of their own.

They follow `inference.passes.enlargements`: `Enlargement` and `settle`.
"""

import math

import numpy as np
import onnx
from onnx import TensorProto

from multistyle.export.onnx.nodes import Nodes, tensor_info
from multistyle.inference.passes.enlargements import BROAD
from multistyle.inference.passes.levels import FULL_RATIO, STRENGTH

_CUBIC = {
    "mode": "cubic",
    "cubic_coeff_a": -0.5,
    "coordinate_transformation_mode": "half_pixel",
    "exclude_outside": 1,
}
_FLOAT = {"to": TensorProto.FLOAT}
# Lanczos' filter sees three pixels of the smaller picture.
_LANCZOS = 3
_LAST, _FIRST = {"perm": [0, 2, 3, 1]}, {"perm": [0, 3, 1, 2]}
_PICTURE = (1, "height", "width", 3)
_SMALLER = (1, "height_before", "width_before", 3)


def build_enlarge() -> onnx.ModelProto:
    """Builds the graph of what a level paints.

    Returns:
        A model whose inputs, all float32 in [0, 1], are
            photograph: [1, H, W, 3], at the size of the level;
            reduced: [1, h, w, 3], at that of the level before;
            painting: [1, h, w, 3], of the level before;
        and whose output is
            enlarged: [1, H, W, 3] in [0, 1], that painting with the
                photograph's fine detail.
    """
    nodes = Nodes()
    change = nodes.op("Sub", "painting", "reduced")
    for axis in (1, 2):
        change = _enlarge(nodes, change, axis)
    _show(nodes, nodes.op("Add", "photograph", change), "enlarged")
    return nodes.model(
        [
            tensor_info("photograph", _PICTURE),
            tensor_info("reduced", _SMALLER),
            tensor_info("painting", _SMALLER),
        ],
        [tensor_info("enlarged", _PICTURE)],
        {},
    )


def build_settle() -> onnx.ModelProto:
    """Builds the graph that lays a level's strokes over the level before.

    Returns:
        A model whose inputs, all float32, are
            enlarged: [1, H, W, 3] in [0, 1], what the level painted;
            painted: [1, H, W, 3] in [0, 1], its painting;
            reduced: [1, h, w, 3], of which only the size counts, that of the
                level before;
        and whose output is
            settled: [1, H, W, 3] in [0, 1].
    """
    nodes = Nodes()
    change = nodes.op("Sub", "painted", "enlarged")
    broad = nodes.op("Transpose", change, attributes=_FIRST)
    broad = _broad(nodes, broad)
    broad = nodes.op("Transpose", broad, attributes=_LAST)
    longest, longest_before = (
        nodes.op(
            "ReduceMax",
            nodes.op(
                "Cast",
                nodes.op("Shape", x, attributes={"start": 1, "end": 3}),
                attributes=_FLOAT,
            ),
        )
        for x in ("enlarged", "reduced")
    )
    share = nodes.op("Log", nodes.op("Div", longest, longest_before))
    share = nodes.op("Div", share, nodes.number(math.log(FULL_RATIO)))
    share = nodes.op("Clip", share, nodes.number(0), nodes.number(1))
    share = nodes.op("Mul", share, nodes.number(STRENGTH))
    change = nodes.op("Mul", nodes.op("Sub", change, broad), share)
    _show(nodes, nodes.op("Add", "enlarged", change), "settled")
    return nodes.model(
        [
            tensor_info("enlarged", _PICTURE),
            tensor_info("painted", _PICTURE),
            tensor_info("reduced", _SMALLER),
        ],
        [tensor_info("settled", _PICTURE)],
        {},
    )


def _enlarge(nodes, x, axis):
    """Enlarges along an axis to the photograph's, by Lanczos' filter."""
    op, number = nodes.op, nodes.number
    part = {"start": axis, "end": axis + 1}
    size = op("Shape", "photograph", attributes=part)
    size = op("Reshape", size, number([], np.int64))
    size_before = op("Cast", op("Shape", x, attributes=part), attributes=_FLOAT)
    places = op("Range", number(0, np.int64), size, number(1, np.int64))
    middles = op(
        "Mul",
        op("Add", op("Cast", places, attributes=_FLOAT), number(0.5)),
        op("Div", size_before, op("Cast", size, attributes=_FLOAT)),
    )
    first = op("Floor", op("Sub", middles, number(_LANCZOS - 0.5)))
    last = op("Reshape", size_before, number([], np.int64))
    last = op("Sub", last, number(1))
    taps = []
    for tap in range(2 * _LANCZOS):
        place = op("Add", first, number(tap))
        near = op("Clip", place, number(0), last)
        weight = _lanczos(
            nodes, op("Sub", op("Add", place, number(0.5)), middles)
        )
        weight = op("Where", op("Equal", near, place), weight, number(0))
        taps.append((near, weight))
    total = op("Sum", *(weight for _, weight in taps))
    shape = number([-1, *[1] * (3 - axis)], np.int64)
    result = ""
    for near, weight in taps:
        index = op("Cast", near, attributes={"to": TensorProto.INT64})
        tapped = op("Gather", x, index, attributes={"axis": axis})
        weight = op("Reshape", op("Div", weight, total), shape)
        tapped = op("Mul", tapped, weight)
        result = op("Add", result, tapped) if result else tapped
    return result


def _lanczos(nodes, distance):
    """Returns sinc(d) sinc(d / 3)."""
    distance = nodes.op("Abs", distance)
    # At 0 the quotient of both is 1, too.
    distance = nodes.op("Max", distance, nodes.number(1e-4))
    factors = []
    for width in (1, _LANCZOS):
        angle = nodes.op("Mul", distance, nodes.number(math.pi / width))
        factors.append(nodes.op("Div", nodes.op("Sin", angle), angle))
    return nodes.op("Mul", *factors)


def _broad(nodes, x):
    """Makes [1, 3, H, W] smaller by `BROAD`, and as large as it was again."""
    size = nodes.op("Shape", x, attributes={"start": 2})
    broad = nodes.number([BROAD] * 2, np.int64)
    count = nodes.op("Add", size, nodes.number([BROAD - 1] * 2, np.int64))
    count = nodes.op("Div", count, broad)
    whole = nodes.op("Mul", count, broad)
    before = nodes.number([0] * 6, np.int64)
    after = nodes.op("Sub", whole, size)
    pads = nodes.op("Concat", before, after, attributes={"axis": 0})
    x = nodes.op("Pad", x, pads, attributes={"mode": "edge"})
    for axis in (2, 3):
        x = _shrink(nodes, x, axis)
    planes = nodes.number([1, 3], np.int64)
    sizes = nodes.op("Concat", planes, whole, attributes={"axis": 0})
    return nodes.op(
        "Slice",
        nodes.op("Resize", x, "", "", sizes, attributes=_CUBIC),
        nodes.number([0, 0], np.int64),
        size,
        nodes.number([2, 3], np.int64),
    )


def _shrink(nodes, x, axis):
    """Shrinks [1, 3, H, W] by `BROAD` along an axis, as Pillow does."""
    kernel = _shrinking_kernel()
    around = (len(kernel) - BROAD) // 2
    shape, strides, pads = [1, 1, 1, 1], [1, 1], [0, 0, 0, 0]
    shape[axis], strides[axis - 2] = len(kernel), BROAD
    pads[axis - 2] = pads[axis] = around
    kernel = kernel.reshape(shape)
    attributes = {"strides": strides, "pads": pads}
    shrunk = nodes.op(
        "Conv",
        x,
        nodes.number(np.repeat(kernel, 3, axis=0)),
        attributes={**attributes, "group": 3},
    )
    # Beyond a border there are no weights.
    line = nodes.op("Shape", x, attributes={"start": axis, "end": axis + 1})
    ones = [nodes.number([1], np.int64)] * 4
    ones[axis] = line
    ones = nodes.op("Concat", *ones, attributes={"axis": 0})
    ones = nodes.op("Expand", nodes.number(1), ones)
    total = nodes.op("Conv", ones, nodes.number(kernel), attributes=attributes)
    return nodes.op("Div", shrunk, total)


def _shrinking_kernel():
    """Returns the cubic that shrinks by `BROAD`, as in Pillow, [4 BROAD]."""
    x = np.abs((np.arange(4 * BROAD) + 0.5) / BROAD - 2)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    kernel = np.where(x < 1, near, far)
    return (kernel / kernel.sum()).astype(np.float32)


def _show(nodes, x, name):
    nodes.op("Clip", x, nodes.number(0), nodes.number(1), output=name)
