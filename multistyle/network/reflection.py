"""The reflection that continues a picture beyond its border."""

from keras import ops

from multistyle.network.normalization import Tensor


def extend(x: Tensor, size: tuple[Tensor, Tensor], margin: int) -> Tensor:
    """Extends a picture by reflection: by a margin, and to multiples of 4.

    By gather, since a dynamic reflection pad fails for some sizes and on
    some backends. An axis of length 1, of weights that do not vary, stays.
    """
    for axis, length in ((1, size[0]), (2, size[1])):
        before = margin
        # Not `-length % 4`: it exports to ONNX with the wrong sign.
        after = margin + (4 - length % 4) % 4
        own_length = ops.shape(x)[axis]
        is_static = isinstance(own_length, int)
        if (is_static and own_length == 1) or (
            isinstance(after, int) and after == 0
        ):
            continue
        if not is_static:
            varies = ops.minimum(own_length - 1, 1)
            before, after = before * varies, after * varies
        index = ops.arange(before + own_length + after, dtype="int32")
        # Twice, for pictures that are smaller than the two margins.
        index = ops.abs(index - before)
        index = ops.abs(ops.minimum(index, 2 * (own_length - 1) - index))
        x = ops.take(x, index, axis=axis)
    return x
