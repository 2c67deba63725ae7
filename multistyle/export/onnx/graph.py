"""The network as an ONNX graph for pictures of any size.

It follows `network.transform` layer by layer, with channels first, and with
the operations that every runtime has. One thing is otherwise, for speed: a
convolution of few filters makes two by two pixels at once, as four times the
filters at a stride of two, because vector units want many.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper

from multistyle.export.onnx.nodes import Nodes, picture_info
from multistyle.export.onnx.normalization import Normalization
from multistyle.network.architecture import EXTENSION
from multistyle.network.stored_weights import NetworkWeights

BLOCK = 2
# Pixels of the picture a side of each of a layer's result.
SCALES = (1, 2, *[4] * 11, 2, 1, 1)
# Vector units hold so many numbers.
_LANES = 16
_PLACES = [2, 3]


def build_graph(
    weights: NetworkWeights,
    properties: dict[str, str],
    *,
    baked: bool = False,
    channels_first: bool = False,
    store: str = "float32",
) -> onnx.ModelProto:
    """Builds the network for one picture of any size.

    Args:
        weights: `NetworkWeights`.
        properties: texts that the file holds beside the graph.
        baked: whether the one style is a constant; else the inputs are those
            of a blend, too, and of moments.
        channels_first: whether pictures are [1, 3, H, W].
        store: "float32" or "float16", how weights are kept.

    Returns:
        A model whose inputs, all float32, are
            image: [1, H, W, 3] in [0, 1], H, W >= 8;
            style_weights: [1, N], unless `baked`;
            given_moments: [2, R], unless `baked`: the means and variances of
                all channels of all layers, to paint under. Where a variance
                is below 0, as all are that are not given, those that are
                measured are used;
            margins: int64 [4], unless `baked`: rows above and below, columns
                left and right, that are not measured, each divided by four;
                0 if it is not given. The picture is continued by 8 pixels on
                each side, and more to a multiple of four; they count among
                these, and are measured where there is no margin;
        and whose outputs are
            stylized_image: [1, H, W, 3] in [0, 1];
            moments: [2, R], unless `baked`: those that were measured.
    """
    return _Graph(weights, baked, channels_first, store).model(properties)


class _Graph:
    def __init__(self, weights, baked, channels_first, store):
        self._weights = weights
        self._baked = baked
        self._channels_first = channels_first
        self._nodes = Nodes(store)
        self._normalization = Normalization(self._nodes, weights, baked)

    def model(self, properties):
        nodes = self._nodes
        image = "image"
        if not self._channels_first:
            image = nodes.op(
                "Transpose", image, attributes={"perm": [0, 3, 1, 2]}
            )
        sizes = [self._size(image, axis) for axis in _PLACES]
        picture = self._crop(self._paint(self._extend(image, sizes)), sizes)
        if self._channels_first:
            nodes.op("Identity", picture, output="stylized_image")
        else:
            nodes.op(
                "Transpose",
                picture,
                output="stylized_image",
                attributes={"perm": [0, 2, 3, 1]},
            )
        dims = [1, "height", "width", 3]
        if self._channels_first:
            dims = [1, 3, "height", "width"]
        inputs = [picture_info("image", dims)]
        outputs = [picture_info("stylized_image", dims)]
        if self._baked:
            return nodes.model(inputs, outputs, properties)
        self._normalization.join_moments("moments")
        both = [2, self._normalization.num_channels]
        return nodes.model(
            [
                *inputs,
                picture_info(
                    "style_weights", [1, len(self._weights.style_names)]
                ),
                picture_info("given_moments", both),
                helper.make_tensor_value_info(
                    "margins", TensorProto.INT64, [4]
                ),
            ],
            [*outputs, picture_info("moments", both)],
            properties,
            {
                "given_moments": np.full(both, -1, np.float32),
                "margins": np.zeros(4, np.int64),
            },
        )

    def _paint(self, x):
        """Chains the layers, as `TransformNetwork` does."""
        skips = self._weights.skip_connections
        # Blocks take an even size.
        full = x = self._layer(0, x, blocks=self._weights.extend_image)
        half = x = self._layer(1, x, stride=2)
        x = self._layer(2, x, stride=2)
        for i in range(3, 13, 2):
            y = self._layer(i, x)
            x = self._layer(i + 1, y, addend=x, activation=None)
        x = self._layer(13, x, double=True, addend=half if skips else None)
        x = self._layer(14, x, double=True, addend=full if skips else None)
        return self._layer(15, x, blocks=True, activation="Sigmoid")

    def _layer(
        self,
        index,
        x,
        stride=1,
        double=False,
        blocks=False,
        addend=None,
        activation="Relu",
    ):
        layer = self._weights.layers[index]
        if double:
            x = self._double(x)
        x = self._pad(x, layer.kernel.shape[0] // 2)
        kernel = layer.kernel.transpose(3, 2, 0, 1)
        if blocks and len(kernel) < _LANES:
            x = self._convolve(x, _block_kernel(kernel), BLOCK)
            x = self._nodes.op(
                "DepthToSpace",
                x,
                attributes={"blocksize": BLOCK, "mode": "DCR"},
            )
        else:
            x = self._convolve(x, kernel, stride)
        x = self._normalization.normalize(x, index, SCALES[index])
        if addend is not None:
            x = self._nodes.op("Add", x, addend)
        return self._nodes.op(activation, x) if activation else x

    def _convolve(self, x, kernel, stride=1):
        kernel = self._nodes.table(np.ascontiguousarray(kernel, np.float32))
        return self._nodes.op(
            "Conv", x, kernel, attributes={"strides": [stride, stride]}
        )

    def _double(self, x):
        """Doubles height and width by nearest neighbour."""
        return self._nodes.op(
            "Resize",
            x,
            "",
            self._nodes.number([1, 1, BLOCK, BLOCK]),
            attributes={
                "mode": "nearest",
                "coordinate_transformation_mode": "asymmetric",
                "nearest_mode": "floor",
            },
        )

    def _size(self, x, axis):
        shape = self._nodes.op("Shape", x)
        return self._nodes.op(
            "Gather", shape, self._nodes.number(axis, np.int64)
        )

    def _extend(self, x, sizes):
        """Extends by reflection, as `network.reflection`, by gather, too."""
        if not self._weights.extend_image:
            return x
        nodes = self._nodes
        one, four, margin = (
            nodes.number(n, np.int64) for n in (1, 4, EXTENSION)
        )
        for axis, size in zip(_PLACES, sizes, strict=True):
            # (4 - size % 4) % 4; nothing is below 0.
            rest = nodes.op("Sub", four, nodes.op("Mod", size, four))
            rest = nodes.op("Mod", rest, four)
            stop = nodes.op("Add", nodes.op("Add", size, rest), margin)
            start = nodes.number(-EXTENSION, np.int64)
            index = nodes.op("Abs", nodes.op("Range", start, stop, one))
            last = nodes.op("Sub", size, one)
            mirrored = nodes.op("Sub", nodes.op("Add", last, last), index)
            # Twice, for pictures that are smaller than the two margins.
            index = nodes.op("Abs", nodes.op("Min", index, mirrored))
            x = nodes.op("Gather", x, index, attributes={"axis": axis})
        return x

    def _crop(self, x, sizes):
        nodes = self._nodes
        margin = EXTENSION if self._weights.extend_image else 0
        start = nodes.number([margin] * 2, np.int64)
        shape = nodes.number([1], np.int64)
        sizes = [nodes.op("Reshape", size, shape) for size in sizes]
        stop = nodes.op(
            "Add", nodes.op("Concat", *sizes, attributes={"axis": 0}), start
        )
        return nodes.op(
            "Slice", x, start, stop, nodes.number(_PLACES, np.int64)
        )

    def _pad(self, x, size):
        around = [0, 0, size, size]
        return self._nodes.op(
            "Pad",
            x,
            self._nodes.number(around * 2, np.int64),
            attributes={"mode": "reflect"},
        )


def _block_kernel(kernel):
    """Widens a kernel [F, C, k, k] to one that makes two by two pixels.

    Returns:
        float32 array [4 F, C, k + 1, k + 1], by row and column of the block.
    """
    filters, channels, size, _ = kernel.shape
    wide = np.zeros(
        (BLOCK, BLOCK, filters, channels, size + 1, size + 1), np.float32
    )
    for row, column in np.ndindex(BLOCK, BLOCK):
        place = slice(row, row + size), slice(column, column + size)
        wide[row, column][:, :, *place] = kernel
    return wide.reshape(-1, *wide.shape[3:])
