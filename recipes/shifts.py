"""Prints how far pastiches fail to follow their photograph when it moves.

python recipes/shifts.py PHOTOGRAPHS MODEL ...

The mean difference, of 255, under a shift of 3 rows and 5 columns and fresh
noise of up to 2 of 255, over six photographs; a style a line.
"""

import sys

import numpy as np

from multistyle.evaluation.photographs import Photographs
from multistyle.inference.stylizer import Stylizer

NOISE = 2 / 255
ROWS, COLUMNS = 3, 5
BORDER = 8


def add_noise(image, random):
    noise = random.uniform(-NOISE, NOISE, image.shape)
    return np.clip(image + noise, 0, 1).astype(np.float32)


def difference(stylizer, style, first, second):
    """Compares first[p + shift] with second[p], away from the borders."""
    first, second = (stylizer.stylize(x, style) for x in (first, second))
    moved = first[BORDER + ROWS : -BORDER, BORDER + COLUMNS : -BORDER]
    still = second[BORDER : -BORDER - ROWS, BORDER : -BORDER - COLUMNS]
    return 255 * np.abs(moved - still).mean()


def main(photographs, *models):
    random = np.random.default_rng(0)
    source = Photographs(photographs)
    pairs = [
        [
            add_noise(image[:-BORDER, :-BORDER], random),
            add_noise(
                image[ROWS : ROWS - BORDER, COLUMNS : COLUMNS - BORDER], random
            ),
        ]
        for image in map(source.read, source.spread(6))
    ]
    stylizers = [Stylizer.load(model, precision="float32") for model in models]
    for style in stylizers[0].style_names:
        figures = (
            np.mean([difference(stylizer, style, *pair) for pair in pairs])
            for stylizer in stylizers
        )
        print(style, *(f"{figure:.1f}" for figure in figures))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
