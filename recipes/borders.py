"""Prints how far the lines along the border of pastiches stand out.

python recipes/borders.py PHOTOGRAPHS MODEL ...

For each style, and for the top, left, bottom and right: the largest difference,
of 255, between one of the outermost eight lines of pixels and the mean of the
eight lines inside of them, each line in the mean along the side and over 24
photographs. With 0, 4, 8 and 16 px of the photograph's reflection on each side,
painted and cut off again; the network itself takes 8. Then 40 px inside of the
last, where no border is.
"""

import sys

import numpy as np
from keras import ops

from multistyle.evaluation.photographs import Photographs
from multistyle.images.values import to_float
from multistyle.network.models import find_model, load_network

MARGINS = (0, 4, 8, 16)
INSIDE = 40


def side_lines(pastiche):
    """Returns means of the sixteen lines nearest to each side, [4, 16, 3]."""
    return np.array(
        [np.rot90(pastiche, -k)[:16].mean(axis=1) for k in range(4)]
    )


def stand_out(lines):
    """Returns the largest differences of `side_lines`, [4], of 255."""
    differences = lines[:, :8] - lines[:, 8:].mean(axis=1, keepdims=True)
    return 255 * np.abs(differences.mean(axis=2)).max(axis=1)


def main(photographs, *models):
    source = Photographs(photographs)
    images = [to_float(source.read(name)) for name in source.spread(24)]
    for model in models:
        network = load_network(find_model(model))
        print(f"{model:20} {MARGINS} px around, inside")
        rows = np.eye(network.num_styles, dtype=np.float32)
        for name, weights in zip(network.style_names, rows, strict=True):
            lines = np.mean(
                [list(measure(network, image, weights)) for image in images],
                axis=0,
            )
            found = [stand_out(each).round().astype(int) for each in lines]
            print(f"{name:20}", *found)


def measure(network, image, weights):
    """Yields the `side_lines` that are compared."""
    height, width = image.shape[:2]
    for margin in MARGINS:
        size = [(margin, margin), (margin, margin), (0, 0)]
        inputs = {
            "image": np.pad(image, size, "reflect")[None],
            "style_weights": weights[None],
        }
        # As in training the network adds no reflection of its own.
        pastiche = ops.convert_to_numpy(network(inputs, training=True))[0]
        pastiche = pastiche[margin:, margin:][:height, :width]
        yield side_lines(pastiche)
    yield side_lines(pastiche[INSIDE:-INSIDE, INSIDE:-INSIDE])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
