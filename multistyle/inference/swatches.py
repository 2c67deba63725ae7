"""Swatches: a style at a glance, as small as a stamp."""

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import PHOTOGRAPHS_FOLDER
from multistyle.inference.stylizer import Stylizer

# A thing in the middle and a plain surface around it.
PHOTOGRAPH = PHOTOGRAPHS_FOLDER / "coffee.jpg"
# Painted at twice its size, so that there is room for several strokes.
ENLARGEMENT = 2


def paint_swatch(stylizer: Stylizer, name: str, size: int) -> np.ndarray:
    """Paints the middle of a sample photograph in one style.

    Args:
        stylizer: a `Stylizer`.
        name: one of its style names.
        size: int, pixels a side.

    Returns:
        uint8 [size, size, 3].

    Raises:
        InputError: if there is no such style.
    """
    photograph = read_image(PHOTOGRAPH)
    height, width = photograph.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = photograph[top : top + side, left : left + side]
    large = resize(square, (size * ENLARGEMENT,) * 2)
    return resize(stylizer.stylize(large, {name: 1}), (size, size))
