"""The gradient of a row by OpenVINO: learning a style without Keras."""

from collections.abc import Sequence

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from multistyle.images.opponents import OPPONENTS
from multistyle.inference.engines.openvino.cache import compile_properties
from multistyle.inference.engines.openvino.pocket import see
from multistyle.inference.engines.openvino.spectrum_gradient import (
    add_spectrum_losses,
)
from multistyle.inference.engines.openvino.tape import (
    Node,
    Tape,
    Value,
    convolved,
    cut,
    extended,
    number,
    place,
    squared,
    total,
)
from multistyle.learning import aims
from multistyle.learning.photographs import CROP_SIZE, crops
from multistyle.network.stored_weights import NetworkWeights
from multistyle.perceptual.pocket_form import POCKET_MEAN

CONTENT_LAYER = "relu3_3"
# As in `losses.content_loss` and `color_spread.color_spread_loss`.
_LEAST_CONTENT, _GREY, _LARGEST_COLOR_LOSS = 1.0, 1e-3, 2.0


class OpenVINORowGradient:
    """Says how a row should change; see `learning.refining.RowGradient`.

    The transform network and the pocket network in one graph, there and back,
    for one crop.

    Args:
        core: `openvino.Core`.
        weights: of the network that the rows are for.
        properties: of the compilation; None takes whichever precision is
            faster.
    """

    def __init__(
        self,
        core: ov.Core,
        weights: NetworkWeights,
        properties: dict[str, object] | None = None,
    ) -> None:
        self.num_channels = [x.kernel.shape[3] for x in weights.layers]
        graph = build_gradient(weights)
        self._request = core.compile_model(
            graph, "CPU", properties or compile_properties(core)
        ).create_infer_request()
        self._aims: list[np.ndarray] = []

    def aim_at(self, works: Sequence[np.ndarray]) -> None:
        seen = aims.pocket_aims(works)
        self._aims = [
            *(gram[None] for gram in seen.grams.values()),
            np.full((1, 1, 1), seen.weave, np.float32),
            seen.colors[None],
        ]

    def __call__(self, row: np.ndarray, crop: int) -> np.ndarray:
        image = crops()[crop].transpose(2, 0, 1)[None]
        gamma, beta = np.split(row[:, :, None, None], 2, axis=1)
        inputs = [image, gamma, beta, *self._aims]
        found = self._request.infer([*map(np.ascontiguousarray, inputs)])
        return np.concatenate([found[0], found[1]], axis=1)[:, :, 0, 0]


def build_gradient(weights: NetworkWeights, size: int = CROP_SIZE) -> ov.Model:
    """Builds the graph of the losses' gradient with respect to a row.

    Args:
        weights: `NetworkWeights` with skip connections or without.
        size: side of the crop, in pixels; eight divides it.

    Returns:
        `openvino.Model`. Inputs, float32: image [1, 3, S, S]; gamma and beta,
        each [1, R, 1, 1]; the Gram matrices of four layers, each [1, C, C];
        weave [1, 1, 1]; colors [1, 2, 2]. Outputs: the gradients of gamma and
        beta, each [1, R, 1, 1], and the picture [1, 3, S, S].
    """
    tape = Tape()
    num_channels = [layer.kernel.shape[3] for layer in weights.layers]
    image = _parameter([1, 3, size, size])
    inputs = [_parameter([1, sum(num_channels), 1, 1]) for _ in range(2)]
    split = [
        ops.variadic_split(x, 1, np.array(num_channels)).outputs()
        for x in inputs
    ]
    rows = [tuple(map(Value, pair)) for pair in zip(*split, strict=True)]
    picture = _paint(tape, image, weights, rows)
    features = see(tape, tape.shift(picture, np.array(-POCKET_MEAN)))
    wanted = see(Tape(), Value(ops.subtract(image, number(POCKET_MEAN))))
    _add_content_loss(features[CONTENT_LAYER], wanted[CONTENT_LAYER].node)
    grams = [_parameter([1, *[f.shape[1]] * 2]) for f in features.values()]
    _add_style_loss(list(features.values()), grams)
    _add_variation_loss(picture)
    weave, colors = _parameter([1, 1, 1]), _parameter([1, 2, 2])
    add_spectrum_losses(picture, weave)
    _add_color_loss(picture, colors)
    tape.run_back()
    gradients = [
        ops.concat([total(pair[i].gradients) for pair in rows], axis=1)
        for i in range(2)
    ]
    return ov.Model(
        [*gradients, picture.node], [image, *inputs, *grams, weave, colors]
    )


def _paint(tape, image, weights, rows):
    """Chains the layers as `TransformNetwork` does in training."""
    kernels = [
        np.ascontiguousarray(layer.kernel.transpose(3, 2, 0, 1))
        for layer in weights.layers
    ]

    def layer(number, x, stride=1, addend=None):
        kernel = kernels[number]
        x = tape.reflect(x, kernel.shape[2] // 2)
        x = tape.convolve(x, kernel, stride)
        x = tape.normalize(x, *rows[number])
        return x if addend is None else tape.add(x, addend)

    # Of the photograph no gradient is asked for.
    first = kernels[0]
    x = Value(convolved(extended(image, first.shape[2] // 2), first))
    full = x = tape.relu(tape.normalize(x, *rows[0]))
    half = x = tape.relu(layer(1, x, stride=2))
    x = tape.relu(layer(2, x, stride=2))
    for i in range(3, 13, 2):
        x = layer(i + 1, tape.relu(layer(i, x)), addend=x)
    if not weights.skip_connections:
        half = full = None
    x = tape.relu(layer(13, tape.double(x), addend=half))
    x = tape.relu(layer(14, tape.double(x), addend=full))
    return tape.sigmoid(layer(15, x))


def _add_content_loss(feature, wanted):
    difference = ops.subtract(feature.node, wanted)
    places = np.array([1, 2, 3])
    size = ops.reduce_mean(squared(wanted), places, True)
    size = ops.add(size, number(_LEAST_CONTENT))
    share = 2 * aims.CONTENT / np.prod(feature.shape[1:])
    feature.gradients.append(
        ops.multiply(ops.divide(difference, size), number(share))
    )


def _add_style_loss(features, grams):
    losses, changes = [], []
    both = np.array([1, 2])
    for feature, target in zip(features, grams, strict=True):
        _, channels, height, width = feature.shape
        flat = ops.reshape(
            feature.node, np.array([1, channels, height * width]), False
        )
        places = number(height * width)
        gram = ops.divide(ops.matmul(flat, flat, False, True), places)
        difference = ops.subtract(gram, target)
        size = ops.reduce_mean(squared(target), both, True)
        size = ops.multiply(size, number(len(features)))
        mean = ops.reduce_mean(squared(difference), both, True)
        losses.append(ops.divide(mean, size))
        # The Gram matrix is symmetric, so both of its factors change alike.
        share = 4 * aims.STYLE / (channels**2 * height * width)
        change = ops.multiply(ops.divide(difference, size), number(share))
        changes.append((change, flat))
    is_near = ops.convert(
        ops.less(total(losses), number(aims.LARGEST_STYLE_LOSS)), np.float32
    )
    for feature, (change, flat) in zip(features, changes, strict=True):
        change = ops.matmul(ops.multiply(change, is_near), flat, False, False)
        shape = np.array(feature.shape)
        feature.gradients.append(ops.reshape(change, shape, False))


def _add_variation_loss(picture):
    for axis in (2, 3):
        side = picture.shape[axis]
        difference = ops.subtract(
            cut(picture.node, axis, 1, side),
            cut(picture.node, axis, 0, side - 1),
        )
        count = np.prod(picture.shape) / side * (side - 1)
        change = ops.multiply(
            ops.sign(difference), number(aims.VARIATION / count)
        )
        picture.gradients.append(
            ops.subtract(
                place(change, axis, 1, side), place(change, axis, 0, side)
            )
        )


def _add_color_loss(picture, target):
    _, _, height, width = picture.shape
    mixing = np.ascontiguousarray(OPPONENTS.T)[:, :, None, None]
    colors = convolved(picture.node, mixing)
    colors = ops.subtract(
        colors, ops.reduce_mean(colors, np.array([2, 3]), True)
    )
    flat = ops.reshape(colors, np.array([1, 2, height * width]), False)
    places = number(height * width)
    own = ops.divide(ops.matmul(flat, flat, False, True), places)
    difference = ops.subtract(own, target)
    both = np.array([1, 2])
    size = ops.reduce_sum(squared(target), both, True)
    size = ops.add(size, number(_GREY**2))
    loss = ops.divide(ops.reduce_sum(squared(difference), both, True), size)
    is_near = ops.less(loss, number(_LARGEST_COLOR_LOSS))
    share = number(4 * aims.COLORS / (height * width))
    change = ops.multiply(ops.divide(difference, size), share)
    change = ops.multiply(change, ops.convert(is_near, np.float32))
    change = ops.reshape(
        ops.matmul(change, flat, False, False),
        np.array([1, 2, height, width]),
        False,
    )
    back = np.ascontiguousarray(OPPONENTS)[:, :, None, None]
    picture.gradients.append(convolved(change, back))


def _parameter(shape: list[int]) -> Node:
    return ops.parameter(shape, np.float32)
