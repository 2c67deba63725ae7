"""The one check for every format: does the export paint as the network?"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from multistyle.export.formats import Paint
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.network.transform import TransformNetwork

# One step of an 8-bit picture.
LIMIT = 1 / 255
SIZES = ((190, 253), (512, 512), (1024, 1024))
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
        ...     agreement = check_parity(network, lambda image, weights: image)
        ... except ParityError as error:
        ...     print(error)
        At 190 x 253 the export differs from the Keras network by up to ...
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


class FlatParity(NamedTuple):
    """How a flat picture comes out, in [0, 1].

    Attributes:
        color: of the picture that is painted, RGB.
        deviation: the largest standard deviation of a channel of the export's.
        largest: of the absolute differences to the network's.

    Example:
        >>> from multistyle.export.parity import FlatParity
        >>> FlatParity((0, 0, 0), deviation=0.0, largest=0.004).deviation
        0.0
    """

    color: tuple[float, float, float]
    deviation: float
    largest: float


class Agreement(NamedTuple):
    """What `check_parity` measured.

    Attributes:
        rows: the `Parity` at each size.
        flat: the `FlatParity` of each flat picture.

    Example:
        >>> from multistyle.export.parity import Agreement
        >>> Agreement([], []).rows
        []
    """

    rows: list[Parity]
    flat: list[FlatParity]

    def as_dict(self) -> dict[str, Any]:
        """Returns it as `export.json` holds it."""
        return {
            "parity": [row._asdict() for row in self.rows],
            "flat": [flat._asdict() for flat in self.flat],
            "limits": {
                "largest": LIMIT,
                "flat_deviation": LIMIT,
                "flat_largest": FLAT_LIMIT,
            },
        }


def check_parity(
    network: TransformNetwork,
    paint: Paint,
    *,
    sizes: Sequence[tuple[int, int]] | None = None,
    flat_size: tuple[int, int] = FLAT_SIZE,
    seed: int = 0,
) -> Agreement:
    """Compares an exported network with the Keras network.

    At each size a photograph, whose right half is noise, is painted in a
    blend of all styles, each of another weight. Then flat pictures: their
    colour and their standard deviation are compared, too.

    Args:
        network: the Keras network.
        paint: the export.
        sizes: pairs (height, width) in pixels, each from 8; None is `SIZES`.
        flat_size: (height, width) of the flat pictures.
        seed: of the noise and of the blends.

    Raises:
        ParityError: if a picture has another size, or a difference is above
            1/255 or not a number, or above 3/255 on a flat picture; the
            message names the size or the colour.
    """
    random = np.random.default_rng(seed)
    photograph = read_image(sample_photographs()[0])
    rows = []
    for height, width in SIZES if sizes is None else sizes:
        image = np.array(to_float(resize(photograph, (height, width))))
        noise = random.random((height, width, 3), np.float32)
        image[:, width // 2 :] = noise[:, width // 2 :]
        painted, expected = _paint_both(network, paint, image, random)
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
    return Agreement(
        rows,
        [
            _check_flat(network, paint, color, flat_size, random)
            for color in FLAT_COLORS
        ],
    )


def _check_flat(network, paint, color, size, random):
    image = np.tile(np.asarray(color, np.float32), (*size, 1))
    painted, expected = _paint_both(network, paint, image, random)
    deviation = float(painted.std(axis=(0, 1), dtype=np.float64).max())
    if not deviation <= LIMIT:
        raise ParityError(
            f"A flat picture of the colour {color} is not flat in the "
            f"export: its standard deviation is {deviation:.2g}; allowed is "
            "1/255."
        )
    largest = float(np.abs(painted - expected).max())
    if not largest <= FLAT_LIMIT:
        raise ParityError(
            f"A flat picture of the colour {color} has another colour in "
            f"the export than in the Keras network, by {largest:.2g}; "
            "allowed is 3/255."
        )
    return FlatParity(color, deviation, largest)


def _paint_both(network, paint, image, random):
    """Returns the pictures of the export and of the network, float32."""
    weights = random.dirichlet(np.ones(network.num_styles))[None]
    image, weights = image[None], weights.astype(np.float32)
    painted = np.asarray(paint(image, weights), np.float32)
    if painted.shape != image.shape:
        raise ParityError(
            f"The export paints a picture of shape `{image.shape}` as "
            f"`{painted.shape}`; both must be the same."
        )
    expected = network({"image": image, "style_weights": weights})
    expected = keras.ops.convert_to_numpy(expected).astype(np.float32)
    return painted[0], expected[0]
