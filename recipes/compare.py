"""Writes a sheet of two networks of the same styles, side by side.

python recipes/compare.py MODEL_A MODEL_B PHOTOGRAPH OUTPUT
"""

import sys

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.stylizer import Stylizer

CELL_SIZE = 320


def main(model_a, model_b, photograph, output):
    photograph = resize_long_side(read_image(photograph), CELL_SIZE)
    stylizers = [Stylizer.load(model) for model in (model_a, model_b)]
    names = stylizers[0].style_names
    rows = [
        [stylizer.stylize(photograph, name) for name in names]
        for stylizer in stylizers
    ]
    titles = [str(model).rsplit("/")[-1] for model in (model_a, model_b)]
    picture = sheet(
        rows,
        row_titles=[title.replace("_", " ") for title in titles],
        column_titles=names,
        cell_size=CELL_SIZE,
    )
    write_image(output, picture, overwrite=True, quality=85)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
