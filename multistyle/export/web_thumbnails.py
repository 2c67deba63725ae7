"""Thumbnails of a network's styles, as one picture for the page."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image
from multistyle.images.resizing import resize
from multistyle.network.styles import Credits
from multistyle.network.thumbnails import THUMBNAIL_SIZE, painting_thumbnail

COLUMNS = 10
_QUALITY = 80


def pack_thumbnails(
    style_names: Sequence[str],
    credits: Credits,
    paint_swatch: Callable[[str], np.ndarray],
) -> bytes:
    """Sets the paintings of styles side by side.

    Args:
        style_names: in the order of the cells, row by row, `COLUMNS` a row.
        credits: by which the package finds its paintings.
        paint_swatch: function of a style's name that shows one whose painting
            it has not, as uint8 [n, n, 3].

    Returns:
        The bytes of a JPEG of square cells, `THUMBNAIL_SIZE` px a side.
    """
    rows = math.ceil(len(style_names) / COLUMNS)
    columns = min(COLUMNS, len(style_names))
    sheet = np.full(
        (rows * THUMBNAIL_SIZE, columns * THUMBNAIL_SIZE, 3), 255, np.uint8
    )
    for number, name in enumerate(style_names):
        path = painting_thumbnail(credits.get(name, {}))
        picture = paint_swatch(name) if path is None else read_image(path)
        top, left = (n * THUMBNAIL_SIZE for n in divmod(number, COLUMNS))
        bottom, right = top + THUMBNAIL_SIZE, left + THUMBNAIL_SIZE
        sheet[top:bottom, left:right] = _cut_square(picture)
    return encode_image(sheet, "jpg", quality=_QUALITY)


def _cut_square(picture: np.ndarray) -> np.ndarray:
    """Cuts the middle of a picture, and brings it to the size of a cell."""
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[top : top + side, left : left + side]
    return resize(square, (THUMBNAIL_SIZE, THUMBNAIL_SIZE))
