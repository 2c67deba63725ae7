"""Makes the pictures of the bundled model.

python recipes/pictures.py PAINTINGS

PAINTINGS is the folder with the twelve paintings of `paintings`.
"""

import sys
from pathlib import Path

from multistyle.blends.names import style_name_from_stem
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.compositions.grid import Grid
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer

DOCS = Path(__file__).parents[1] / "docs"
GRID = "starry_night,great_wave,udnie,water_lilies"
CELL_SIZE = 224


def main(paintings):
    stylizer = Stylizer.load("paintings")
    photographs = [
        read_image(path) for path in find_images(DOCS / "photographs")
    ]
    paths = find_images(paintings)
    blank = [None]
    # Two styles a row: the painting, then the photographs in its style.
    lines = [blank + photographs + blank + photographs]
    titles = ["photograph"]
    for left, right in zip(paths[::2], paths[1::2], strict=True):
        line = []
        for path in (left, right):
            name = style_name_from_stem(path.stem)
            line.append(read_image(path))
            line += [stylizer.stylize(photo, name) for photo in photographs]
        lines.append(line)
        titles.append(f"{left.stem}, {right.stem}")
    lines = [
        [
            None if cell is None else resize_long_side(cell, CELL_SIZE)
            for cell in line
        ]
        for line in lines
    ]
    picture = sheet(lines, row_titles=titles, cell_size=CELL_SIZE)
    folder = DOCS / "pictures"
    write_image(folder / "sheet.jpg", picture, overwrite=True, quality=85)
    grid = Grid(stylizer, GRID, look=Look(max_size=CELL_SIZE))
    picture = grid.compose(grid.read(DOCS / "photographs" / "cat.jpg"))
    write_image(folder / "grid.jpg", picture, overwrite=True, quality=85)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
