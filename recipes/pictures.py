"""Makes the pictures of the bundled model.

python recipes/pictures.py PAINTINGS ...

PAINTINGS are folders with the paintings of the styles of `paintings`. From
docs/large_photographs and docs/photographs: sheet.jpg shows photographs in some
styles beside their paintings, styles.jpg one photograph in every style, and
grid.jpg blends of four.
"""

import sys
from pathlib import Path

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.sheet import sheet
from multistyle.images.tiles import Window
from multistyle.inference.compositions.grid import Grid
from multistyle.inference.compositions.sheet import Sheet
from multistyle.inference.stylizer import Stylizer

DOCS = Path(__file__).parents[1] / "docs"
DOG, CANYON, FLOWER = (
    DOCS / "large_photographs" / f"{name}.jpg"
    for name in ("dog", "canyon", "flower")
)
ASTRONAUT = DOCS / "photographs" / "astronaut.jpg"
# Those that the model has, filled up from its others.
STYLES = (
    *("starry_night", "great_wave", "klimt_kiss", "trinity_icon"),
    *("the_scream", "sunflowers", "posada_calavera", "mucha_reverie"),
    *("grande_jatte", "composition_vii", "red_fuji", "bayeux_tapestry"),
)
NUM_STYLES = 12
GRID = "starry_night,great_wave,udnie,water_lilies"
# So the strokes are those of a large picture.
PAINTED_SIZE = 1000
CELL_SIZE = 224
PAGE_CELL_SIZE = 200


def main(*paintings):
    stylizer = Stylizer.load("paintings")
    paths = {path.stem: path for path in find_images(paintings)}
    save("sheet", draw_sheet(stylizer, paths))
    every = Sheet(stylizer)
    every.shown_size = PAGE_CELL_SIZE
    save("styles", every.compose(every.read(FLOWER)))
    grid = Grid(stylizer, GRID)
    grid.shown_size = CELL_SIZE
    save("grid", grid.compose(grid.read(DOG)))


def draw_sheet(stylizer, paths):
    """Two styles a row: the painting, then the photographs in its style."""
    photographs = [
        resize_long_side(
            Window.square(pixels.shape[:2]).of(pixels), PAINTED_SIZE
        )
        for pixels in map(read_image, (DOG, CANYON, ASTRONAUT))
    ]
    names = stylizer.style_names
    names = [name for name in STYLES if name in names] + [
        name for name in names if name not in STYLES
    ]
    names = names[:NUM_STYLES]
    lines = [[None, *photographs] * 2]
    titles = ["photograph"]
    for pair in zip(names[::2], names[1::2], strict=True):
        line = []
        for name in pair:
            line.append(read_image(paths[name]))
            line += [stylizer.stylize(photo, name) for photo in photographs]
        lines.append(line)
        titles.append(", ".join(pair))
    return sheet(lines, row_titles=titles, cell_size=CELL_SIZE)


def save(name, picture):
    path = DOCS / "pictures" / f"{name}.jpg"
    write_image(path, picture, overwrite=True, quality=85)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
