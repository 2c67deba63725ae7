"""Pictures that the page's network and the one of Keras both paint."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

import multistyle
from multistyle.export.web_weights import pack_network
from multistyle.images.samples import sample_photographs
from multistyle.network.models import find_model
from multistyle.network.stored_weights import read_weights

ENGINE = Path(multistyle.__file__).parent / "page" / "files" / "engine"


class Picture(NamedTuple):
    """One picture to paint.

    Attributes:
        name: of its files.
        image: float32 [H, W, 3].
        looks: numbers of the styles.
        map: None for one style, or float32 [H, W, K].
        share: None for one piece, or of the memory between the least and
            that for one piece.
    """

    name: str
    image: np.ndarray
    looks: tuple[int, ...] = (0,)
    map: np.ndarray | None = None
    share: float | None = None


def photograph(height, width):
    """Returns a sample photograph of any size, float32 [H, W, 3]."""
    with Image.open(sample_photographs()[0]) as opened:
        resized = opened.convert("RGB").resize((width, height))
    return np.asarray(resized, np.float32) / 255


def blend_map(height, width):
    """Returns weights of two looks: from left to right, with a hole."""
    first = np.tile(np.linspace(0, 1, width, dtype=np.float32), (height, 1))
    first[height // 4 : height // 2, width // 3 : width // 2] = 1
    return np.stack([first, 1 - first], axis=2)


def write_model(folder, weights):
    """Writes model.json and weights.bin."""
    described, data = pack_network(weights)
    described["styles"] = [{"name": name} for name in weights.style_names]
    (folder / "model.json").write_text(json.dumps(described), "utf-8")
    (folder / "weights.bin").write_bytes(data)


def bundled_weights(name):
    return read_weights(find_model(name))


def write_pictures(folder, pictures):
    """Writes pictures and maps; returns what the script is told of them."""
    told = []
    for name, image, looks, weights, share in pictures:
        height, width = image.shape[:2]
        image.astype("<f4").tofile(folder / f"{name}.in")
        if weights is not None:
            weights.astype("<f4").tofile(folder / f"{name}.map")
        told.append(
            {
                "name": name,
                "h": height,
                "w": width,
                "looks": list(looks),
                "share": share,
            }
        )
    return told


def paint_by_keras(network, picture):
    """Returns the network's painting, float32 [H, W, 3]."""
    _, image, looks, weights, _ = picture
    shape = (1, network.num_styles)
    if weights is not None:
        shape = (1, *image.shape[:2], network.num_styles)
    style_weights = np.zeros(shape, np.float32)
    style_weights[..., list(looks)] = 1 if weights is None else weights
    inputs = {"image": image[None], "style_weights": style_weights}
    return np.asarray(network(inputs))[0]
