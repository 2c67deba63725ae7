"""Makes the picture of strokes that are once, twice and four times as broad.

python recipes/stroke_scale.py
"""

from pathlib import Path

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.stylizer import Stylizer

DOCS = Path(__file__).parents[1] / "docs"
ROWS = {"astronaut": "starry_night", "coffee": "great_wave"}
SCALES = (1, 2, 4)


def main():
    stylizer = Stylizer.load("paintings")
    rows = []
    for name, style in ROWS.items():
        photograph = read_image(DOCS / "photographs" / f"{name}.jpg")
        pictures = [photograph] + [
            stylizer.stylize(photograph, style, stroke_scale=scale)
            for scale in SCALES
        ]
        titles = ["photograph"]
        titles += [f"{style}, --stroke_scale={scale}" for scale in SCALES]
        rows.append(captioned(pictures, titles))
    cell_size = max(max(cell.shape[:2]) for row in rows for cell in row)
    write_image(
        DOCS / "pictures" / "stroke_scale.jpg",
        sheet(rows, cell_size=cell_size),
        overwrite=True,
        quality=85,
    )


if __name__ == "__main__":
    main()
