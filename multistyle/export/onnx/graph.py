"""The network as an ONNX graph for pictures of any size.

It follows `network.transform` layer by layer, with channels first, and with
the operations that every runtime has. One thing is otherwise, for speed: a
convolution of few filters makes two by two pixels at once, as four times the
filters at a stride of two, because vector units want many.
"""

import numpy as np
import onnx

from multistyle.export.onnx.nodes import Nodes, tensor_info
from multistyle.export.onnx.normalization import Normalization
from multistyle.export.onnx.view import FAR, see_all, see_window
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
        A model whose inputs, float32 where nothing else is said, are
            image: [1, H, W, 3] in [0, 1], H, W >= 8;
            style_weights: [1, N], unless `baked`;
            given_moments: [P, 2, R], unless `baked`: the means and variances
                of all channels of all layers, to paint under, of P parts of a
                picture, which are joined as of one size. Where a variance is
                below 0, as all are that are not given, those that are
                measured are used;
            window: int64 [4], unless `baked`: top, left, bottom and right, the
                first two multiples of four, of the part that is painted and
                measured, as a part of the picture; all of it if it is not
                given. What lies beyond the picture is left away;
            margins: int64 [4], unless `baked`: for a picture that is a part
                of another, rows above and below, columns left and right, that
                are not measured, each divided by four; 0 if it is not given.
                The picture is continued by 8 pixels on each side, and more to
                a multiple of four; they count among these, and are measured
                where there is no margin;
        and whose outputs are
            stylized_image: [1, h, w, 3] in [0, 1], of the window;
            moments: [2, R], unless `baked`: those that were measured.
    """
    return _Graph(weights, baked, channels_first, store).model(properties)


class _Graph:
    def __init__(self, weights, baked, channels_first, store):
        self._weights = weights
        self._baked = baked
        self._channels_first = channels_first
        self._nodes = Nodes(store)

    def model(self, properties):
        nodes = self._nodes
        image = "image"
        if not self._channels_first:
            image = nodes.op(
                "Transpose", image, attributes={"perm": [0, 3, 1, 2]}
            )
        sides = [self._side(image, axis) for axis in _PLACES]
        self._normalization = Normalization(
            nodes, self._weights, self._baked, sides
        )
        picture = self._crop(self._paint(self._see(image, sides)), sides)
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
        inputs = [tensor_info("image", dims)]
        if self._baked:
            outputs = [tensor_info("stylized_image", dims)]
            return nodes.model(inputs, outputs, properties)
        dims = [1, "window_height", "window_width", 3]
        outputs = [tensor_info("stylized_image", dims)]
        self._normalization.join_moments("moments")
        both = [2, self._normalization.num_channels]
        none = np.full([1, *both], -1, np.float32)
        defaults = {
            "window": np.array([0, 0, FAR, FAR]),
            "margins": np.zeros(4, np.int64),
        }
        return nodes.model(
            [
                *inputs,
                tensor_info(
                    "style_weights", [1, len(self._weights.style_names)]
                ),
                tensor_info("given_moments", ["parts", *both]),
                *(
                    tensor_info(name, array.shape, array.dtype)
                    for name, array in defaults.items()
                ),
            ],
            [*outputs, tensor_info("moments", both)],
            properties,
            {"given_moments": none, **defaults},
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

    def _side(self, image, axis):
        nodes = self._nodes
        shape = nodes.op("Shape", image)
        size = nodes.op("Gather", shape, nodes.number(axis, np.int64))
        extend = self._weights.extend_image
        if self._baked:
            return see_all(nodes, size, extend)
        return see_window(nodes, size, extend, axis - _PLACES[0])

    def _see(self, image, sides):
        for axis, side in zip(_PLACES, sides, strict=True):
            image = self._nodes.op(
                "Gather", image, side.places, attributes={"axis": axis}
            )
        return image

    def _crop(self, x, sides):
        nodes = self._nodes
        starts, stops = (
            nodes.op("Concat", *ends, attributes={"axis": 0})
            for ends in zip(*(side.shown for side in sides), strict=True)
        )
        return nodes.op(
            "Slice", x, starts, stops, nodes.number(_PLACES, np.int64)
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
