"""Swatches: a style at a glance, as small as a stamp."""

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize, resize_long_side
from multistyle.images.samples import PHOTOGRAPHS_FOLDER
from multistyle.images.tiles import Window
from multistyle.inference.stylizer import Stylizer
from multistyle.network.thumbnails import painting_thumbnail

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
    square = Window.square(photograph.shape[:2])
    large = resize(square.of(photograph), (size * ENLARGEMENT,) * 2)
    return resize(stylizer.stylize(large, {name: 1}), (size, size))


def show_style(stylizer: Stylizer, name: str, size: int) -> np.ndarray:
    """Shows a style: its painting, where the package has it, else a swatch.

    Args:
        stylizer: a `Stylizer`.
        name: one of its style names.
        size: int, pixels of the longer side.

    Returns:
        uint8 [h, w, 3].

    Raises:
        InputError: if there is no such style.
    """
    path = painting_thumbnail(stylizer.network.credits.get(name, {}))
    if path is None:
        return paint_swatch(stylizer, name, size)
    return resize_long_side(read_image(path), size)
