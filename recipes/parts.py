"""Makes the picture of photographs painted in parts.

python recipes/parts.py

From docs/photographs alone; the masks are drawn here.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.stylizer import Stylizer

DOCS = Path(__file__).parents[1] / "docs"
CELL_SIZE = 256
BLUR = 6
TITLES = (
    "photograph",
    "mask",
    "great_wave where the mask is white",
    "starry_night > the_scream : radial",
    "a mask for each of two styles",
    "starry_night in the photograph's colours",
)


def draw_mask(size, shape, box):
    """Draws an ellipse or a rectangle with soft edges, uint8 [H, W]."""
    height, width = size
    mask = Image.new("L", (width, height))
    corners = [value * (width, height)[i % 2] for i, value in enumerate(box)]
    getattr(ImageDraw.Draw(mask), shape)(corners, fill=255)
    return np.array(mask.filter(ImageFilter.GaussianBlur(BLUR)))


def main():
    stylizer = Stylizer.load("paintings")
    path = DOCS / "photographs" / "cat.jpg"
    photograph = resize_long_side(read_image(path), CELL_SIZE)
    size = photograph.shape[:2]
    face = draw_mask(size, "ellipse", (0.22, -0.1, 0.85, 1.1))
    left = draw_mask(size, "rectangle", (-1, -1, 0.3, 2))
    right = draw_mask(size, "rectangle", (0.7, -1, 2, 2))
    pictures = [
        photograph,
        np.dstack([face] * 3),
        stylizer.stylize(photograph, "great_wave", strength=face),
        stylizer.stylize(
            photograph,
            stylizer.region(gradient="starry_night>the_scream:radial"),
        ),
        stylizer.stylize(
            photograph,
            stylizer.region(mask={"mondrian": left, "starry_night": right}),
        ),
        stylizer.stylize(photograph, "starry_night", keep_colors="histogram"),
    ]
    cells = captioned(pictures, TITLES)
    picture = sheet([cells[:3], cells[3:]], cell_size=cells[0].shape[:2])
    path = DOCS / "pictures" / "parts.jpg"
    write_image(path, picture, overwrite=True, quality=85)


if __name__ == "__main__":
    main()
