"""Makes the picture of strokes: of pixels, fitted, and fitted twice as broad.

python recipes/strokes.py PHOTOGRAPH STYLE TOP LEFT

Above the whole picture, below a window of it as large as it is painted.
"""

import sys
from pathlib import Path

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.stylizer import Stylizer

OUTPUT = Path(__file__).parents[1] / "docs" / "pictures" / "strokes.jpg"
SIZE = 400


def main(path, style, top, left):
    stylizer = Stylizer.load("paintings")
    photograph = read_image(path)
    pictures = {
        "photograph": photograph,
        "--strokes=pixels": stylizer.stylize(
            photograph, style, strokes="pixels"
        ),
        f"{style}, as it is": stylizer.stylize(photograph, style),
        "--stroke_scale=2": stylizer.stylize(photograph, style, stroke_scale=2),
    }
    whole = [resize_long_side(each, SIZE) for each in pictures.values()]
    rows, columns = (
        slice(start, start + length)
        for start, length in zip((top, left), whole[0].shape[:2], strict=True)
    )
    windows = [each[rows, columns] for each in pictures.values()]
    write_image(
        OUTPUT,
        sheet([captioned(whole, list(pictures)), windows], cell_size=SIZE),
        overwrite=True,
        quality=85,
    )


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
