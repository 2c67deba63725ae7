"""Scores a network on photographs that it was not trained on.

python recipes/score.py MODEL PAINTINGS PHOTOGRAPHS

Prints, per style, the mean content and style loss and their total
(content + 6 style) over the photographs, as real VGG-16 sees them: each
photograph reduced to 256 px on its short side, paintings to 384 px, losses
relative as in training. Paintings are matched to styles by their names.
"""

import sys

import numpy as np
from keras import ops

from multistyle.images.pictures import find_images, read_image, to_float
from multistyle.images.resizing import resize_short_side
from multistyle.network.models import find_model, load_network
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.losses import (
    content_loss,
    style_loss,
)
from multistyle.training.paintings import Paintings

IMAGE_SIZE = 256
STYLE_SIZE = 384
STYLE_LOSS_WEIGHT = 6.0


def score(network, loss_network, targets, style, photograph):
    """Returns (content, style) losses of one pastiche."""
    weights = np.eye(network.num_styles, dtype=np.float32)
    index = network.style_names.index(style)
    pastiche = network(
        {
            "image": photograph[None],
            "style_weights": weights[None, None, None, index],
        }
    )
    features = loss_network(pastiche)
    content = content_loss(
        features[loss_network.content_layer],
        loss_network.content_features(photograph[None]),
    )
    grams = loss_network.gram_matrices(features)
    return float(content[0]), float(style_loss(grams, targets)[0])


def main(model, paintings_spec, photographs_spec):
    network = load_network(find_model(model))
    loss_network = load_loss_network("vgg16")
    paintings = Paintings(paintings_spec)
    targets = loss_network.style_targets(paintings.read(STYLE_SIZE))
    photographs = []
    for path in find_images(photographs_spec):
        image = read_image(path)
        if min(image.shape[:2]) > IMAGE_SIZE:
            image = resize_short_side(image, IMAGE_SIZE)
        photographs.append(to_float(image))

    print(f"{'style':28s} content   style   total")
    rows = []
    for i, style in enumerate(paintings.style_names):
        if style not in network.style_names:
            continue
        target = {
            name: ops.convert_to_tensor(gram[i : i + 1])
            for name, gram in targets.items()
        }
        scores = [
            score(network, loss_network, target, style, photograph)
            for photograph in photographs
        ]
        content, texture = np.mean(scores, axis=0)
        rows.append((content, texture, content + STYLE_LOSS_WEIGHT * texture))
        print(f"{style:28s} {content:7.3f} {texture:7.3f} {rows[-1][2]:7.3f}")
    content, texture, total = np.mean(rows, axis=0)
    print(f"{'mean':28s} {content:7.3f} {texture:7.3f} {total:7.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
