"""Prints the artefacts of networks as figures, and the photographs' own.

python recipes/artefacts.py MODEL ...

Means over the three photographs of docs/photographs, each at its own size, for
five styles of `paintings` and over them; or, where a model has styles that
`paintings` has not, for those.
"""

import sys
from pathlib import Path

import numpy as np

from multistyle.evaluation.artefacts import measure
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images
from multistyle.images.values import to_float
from multistyle.inference.stylizer import Stylizer

PHOTOGRAPHS = Path(__file__).parents[1] / "docs" / "photographs"
STYLES = ("great_wave", "matisse_hat", "udnie", "water_lilies", "starry_night")


def show(title, measured):
    figures = "  ".join(
        f"{name} {np.mean([row[name] for row in measured]):.2f}"
        for name in measured[0]
    )
    print(f"{title}: {figures}")


def main(models):
    photographs = [
        to_float(read_image(path)) for path in find_images(PHOTOGRAPHS)
    ]
    bundled = Stylizer.load("paintings").style_names
    show("photographs", [measure(image, image) for image in photographs])
    for model in models:
        stylizer = Stylizer.load(model, precision="float32")
        own = [s for s in stylizer.style_names if s not in bundled]
        measured = []
        for style in own or STYLES:
            rows = [
                measure(stylizer.stylize(image, style), image)
                for image in photographs
            ]
            show(f"{model}, {style}", rows)
            measured += rows
        show(model, measured)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
