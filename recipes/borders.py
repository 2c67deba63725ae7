"""Prints how far the lines along a picture's upper border stand out.

python recipes/borders.py PHOTOGRAPHS STYLE MODEL ...

Rows 0 to 7 less the mean of rows 8 to 15, of 255, means over eight photographs:
painted as they are, and with 4 and 8 px more around, their reflection, which
are cut off again.
"""

import sys

import numpy as np

from multistyle.evaluation.photographs import Photographs
from multistyle.inference.stylizer import Stylizer


def paint(stylizer, photograph, style, margin):
    size = [(margin, margin), (margin, margin), (0, 0)]
    pastiche = stylizer.stylize(np.pad(photograph, size, "reflect"), style)
    height, width = photograph.shape[:2]
    return pastiche[margin : margin + height, margin : margin + width]


def main(photographs, style, *models):
    source = Photographs(photographs)
    images = [source.read(name) for name in source.spread(8)]
    for model in models:
        stylizer = Stylizer.load(model)
        for margin in (0, 4, 8):
            rows = np.mean(
                [
                    paint(stylizer, image, style, margin)[:16].mean(axis=(1, 2))
                    for image in images
                ],
                axis=0,
            )
            lines = 255 * (rows[:8] - rows[8:].mean())
            print(f"{model}, {margin} px around: {lines.round().astype(int)}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
