"""The one check for every format: does the export paint as the network?"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import keras
import numpy as np

from multistyle.network.transform import TransformNetwork

# One step of an 8-bit picture.
LIMIT = 1 / 255
SIZES = ((64, 64), (33, 47), (96, 61))
# Of flat pictures, which an export may bring to a colour of rounding, or to a
# lattice: black, white, grey and a green, RGB in [0, 1].
FLAT_COLORS = ((0, 0, 0), (1, 1, 1), (0.5, 0.5, 0.5), (0.04, 0.78, 0.35))
FLAT_SIZE = (40, 52)
FLAT_LIMIT = 3 / 255


class ParityError(Exception):
    """An export whose pictures are not the network's.

    Example:
        >>> from multistyle.export.parity import ParityError, check_parity
        >>> network = multistyle.TransformNetwork(["a", "b"])
        >>> try:
        ...     rows = check_parity(network, lambda image, weights: image)
        ... except ParityError as error:
        ...     print(error)
        At 64 x 64 the export differs from the Keras network by up to ...
    """


class Parity(NamedTuple):
    """The difference at one size, on pictures in [0, 1].

    Attributes:
        height, width: of the pictures, in pixels.
        largest, mean: of the absolute differences of all values.

    Example:
        >>> from multistyle.export.parity import Parity
        >>> Parity(64, 64, largest=0.002, mean=0.0001).largest < 1 / 255
        True
    """

    height: int
    width: int
    largest: float
    mean: float


Paint = Callable[[np.ndarray, np.ndarray], np.ndarray]


def check_parity(
    network: TransformNetwork,
    paint: Paint,
    *,
    sizes: Sequence[tuple[int, int]] = SIZES,
    seed: int = 0,
) -> list[Parity]:
    """Compares an exported network with the Keras network.

    At each size two pictures are painted as one batch: noise in a single
    style, and noise in a blend of all styles. Then flat pictures, each in a
    blend: their colour and their standard deviation are compared, too.

    Args:
        network: the Keras network.
        paint: the export, a function of `image`, float32 [B, H, W, 3] in
            [0, 1], and `style_weights`, float32 [B, N], that returns an array
            [B, H, W, 3] in [0, 1].
        sizes: pairs (height, width) in pixels, each from 8.
        seed: of the noise and of the blends.

    Returns:
        The differences on noise, one for each size.

    Raises:
        ParityError: if a picture has another size, or a difference is above
            1/255 or not a number, or above 3/255 on a flat picture; the
            message names the size or the colour.
    """
    random = np.random.default_rng(seed)
    rows = []
    for height, width in sizes:
        image = random.random((2, height, width, 3), np.float32)
        style_weights = np.stack(
            [
                np.eye(network.num_styles)[random.integers(network.num_styles)],
                random.dirichlet(np.ones(network.num_styles)),
            ]
        ).astype(np.float32)
        painted, expected = _paint_both(network, paint, image, style_weights)
        difference = np.abs(painted - expected)
        row = Parity(
            height, width, float(difference.max()), float(difference.mean())
        )
        # Written so that NaN fails, too.
        if not row.largest <= LIMIT:
            raise ParityError(
                f"At {height} x {width} the export differs from the Keras "
                f"network by up to {row.largest:.2g}; allowed is 1/255."
            )
        rows.append(row)
    _check_flat(network, paint, random)
    return rows


def _check_flat(network, paint, random):
    colors = np.asarray(FLAT_COLORS, np.float32)
    image = np.tile(colors[:, None, None], (1, *FLAT_SIZE, 1))
    style_weights = random.dirichlet(np.ones(network.num_styles), len(colors))
    painted, expected = _paint_both(
        network, paint, image, style_weights.astype(np.float32)
    )
    for color, one, other in zip(FLAT_COLORS, painted, expected, strict=True):
        deviation = one.std(axis=(0, 1)).max()
        if not deviation <= LIMIT:
            raise ParityError(
                f"A flat picture of the colour {color} is not flat in the "
                f"export: its standard deviation is {deviation:.2g}; allowed "
                "is 1/255."
            )
        difference = np.abs(one - other).max()
        if not difference <= FLAT_LIMIT:
            raise ParityError(
                f"A flat picture of the colour {color} has another colour in "
                f"the export than in the Keras network, by {difference:.2g}; "
                "allowed is 3/255."
            )


def _paint_both(network, paint, image, style_weights):
    """Returns the pictures of the export and of the network, float32."""
    painted = np.asarray(paint(image, style_weights), np.float32)
    if painted.shape != image.shape:
        raise ParityError(
            f"The export paints a batch of shape `{image.shape}` as "
            f"`{painted.shape}`; both must be the same."
        )
    expected = network({"image": image, "style_weights": style_weights})
    return painted, keras.ops.convert_to_numpy(expected).astype(np.float32)
