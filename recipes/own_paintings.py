"""Makes docs/pictures/own_paintings.jpg.

python recipes/own_paintings.py PAINTING ...

A row a painting, which no model has: the photograph, the painting, the
photograph in it as it is learned in a look and quickly, and in a blend with a
style of the model.
"""

import sys
from pathlib import Path

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.stylizer import Stylizer

DOCS = Path(__file__).parents[1] / "docs"
PHOTOGRAPHS = [
    DOCS / "large_photographs" / f"{name}.jpg" for name in ("dog", "canyon")
]
BLEND = "mine=0.5,great_wave=0.5"
# So the strokes are those of a large picture.
PAINTED_SIZE = 1000
CELL_SIZE = 256


def main(*paintings):
    stylizer = Stylizer.load("paintings")
    rows = []
    for painting, path in zip(paintings, PHOTOGRAPHS, strict=False):
        photograph = resize_long_side(read_image(path), PAINTED_SIZE)
        instant, quick = (
            stylizer.learn(painting, name="mine", learning=learning)
            for learning in ("instant", "quick")
        )
        rows.append(
            [
                photograph,
                read_image(painting),
                instant.stylize(photograph, "mine"),
                quick.stylize(photograph, "mine"),
                quick.stylize(photograph, BLEND),
            ]
        )
    page = sheet(
        rows,
        column_titles=[
            "photograph",
            "painting",
            "instant",
            "quick",
            "half great_wave",
        ],
        cell_size=CELL_SIZE,
    )
    path = DOCS / "pictures" / "own_paintings.jpg"
    write_image(path, page, overwrite=True, quality=85)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
