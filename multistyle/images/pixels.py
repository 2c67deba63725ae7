"""The pixels of a picture that is given, whether as a file or in memory."""

from typing import Any

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import Source
from multistyle.images.holes import fill_holes
from multistyle.images.values import to_dtype, to_float, to_uint8


def without_holes(pixels: np.ndarray) -> np.ndarray:
    """Returns colours [H, W, 3], those under transparency from around it."""
    photograph = pixels[..., :3]
    alpha = pixels[..., 3:]
    if alpha.size == 0 or alpha.min() == to_dtype(np.ones(1), alpha.dtype)[0]:
        return photograph
    return fill_holes(to_float(photograph), to_float(alpha[..., 0]))


def check_array(image: Any) -> np.ndarray:
    """Returns a picture as an array that can be painted.

    Args:
        image: array [H, W, 3] or [H, W, 4], uint8, uint16 or float in [0, 1].

    Returns:
        The same, float32 where it is float.

    Raises:
        InputError: if it has another shape, kind or range.
    """
    kind = type(image).__name__
    image = np.asarray(image)
    if image.ndim == 0:
        raise InputError(
            "An image is a path, a Pillow picture or an array; got "
            f"`{kind}`: of an open file, give `PIL.Image.open(file)`."
        )
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.size == 0:
        raise InputError(
            "An image has the shape `[H, W, 3]`, or `[H, W, 4]` with alpha; "
            f"got `{list(image.shape)}`."
        )
    if image.dtype in (np.uint8, np.uint16):
        return image
    if image.dtype.kind != "f":
        raise InputError(
            "An image is uint8, uint16, or float in [0, 1]; got "
            f"`{image.dtype}`."
        )
    # Written so that NaN fails, too.
    if not (image.min() >= 0 and image.max() <= 1):
        raise InputError(
            "A float image lies in [0, 1]; got "
            f"[{image.min():g}, {image.max():g}]."
        )
    return to_float(image)


def read_pixels(
    picture: Source | np.ndarray,
    *,
    at_least: int | None = None,
    max_pixels: float | None = None,
) -> np.ndarray:
    """Reads a picture, in whatever form it is given.

    Args:
        picture: see `check_array` and `codecs.reading.read_image`.
        at_least, max_pixels: of a file, see `read_image`.

    Returns:
        uint8 [H, W, 3]; what is transparent is laid on white.

    Raises:
        InputError: as `check_array` and `read_image`.
    """
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(to_uint8(check_array(picture)))
    if isinstance(picture, Image.Image):
        at_least = None  # It would change the image of the caller.
    return read_image(picture, at_least=at_least, max_pixels=max_pixels)
