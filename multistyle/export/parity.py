"""The one check for every format: does the export paint as the network?"""

from typing import NamedTuple

import keras
import numpy as np

# One step of an 8-bit picture.
LIMIT = 1 / 255
SIZES = ((64, 64), (33, 47), (96, 61))


class ParityError(Exception):
    """An export whose pictures are not the network's."""


class Parity(NamedTuple):
    """The difference at one size: pixels, and values on pictures in [0, 1]."""

    height: int
    width: int
    largest: float
    mean: float


def check_parity(network, paint, sizes=SIZES, seed=0):
    """Compares an exported network with the Keras network.

    At each size two pictures are painted as one batch: noise in a single
    style, and noise in a blend of all styles.

    Args:
        network: a `TransformNetwork`.
        paint: the export, a function of `image`, float32 [B, H, W, 3] in
            [0, 1], and `style_weights`, float32 [B, N], both NumPy arrays,
            that returns an array [B, H, W, 3] in [0, 1].
        sizes: pairs (height, width) in pixels, each from 8.
        seed: int, of the noise and of the blends.

    Returns:
        List of `Parity`, one for each size.

    Raises:
        ParityError: if a picture has another size, or a difference is above
            1/255 or not a number; the message names the size.
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
        painted = np.asarray(paint(image, style_weights), np.float32)
        if painted.shape != image.shape:
            raise ParityError(
                f"The export paints a batch of shape `{image.shape}` as "
                f"`{painted.shape}`; both must be the same."
            )
        expected = network({"image": image, "style_weights": style_weights})
        expected = keras.ops.convert_to_numpy(expected).astype(np.float32)
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
    return rows
