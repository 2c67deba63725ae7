"""Paints a photograph of any size with an exported ONNX file alone.

    multistyle export --model=paintings-fast --format=onnx --output=exported
    pip install numpy onnxruntime pillow
    python paint_by_tiles.py exported photo.jpg starry_night painted.png

ORT_DISABLE_TELEMETRY=1 keeps ONNX Runtime from sending notes of its use.
It is all that an app needs, in any language: the picture is painted at 1,000
pixels, then at about twice the size again and again, each time the painting so
far with the photograph's detail. A level is cut into tiles, painted under the
moments of all of them. They are measured in rounds, since a layer's depend on
those before: one round for each layer would be exact.
"""

import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

DECIDING_SIZE, TILE, MARGIN, BROAD = 1000, 1024, 64, 6
LAYERS_OF_ROUNDS = (3, 9, 13, 16)


def resize(image, size, filter=Image.Resampling.LANCZOS):
    planes = (Image.fromarray(plane) for plane in np.moveaxis(image, 2, 0))
    return np.stack([plane.resize(size, filter) for plane in planes], axis=2)


def cut(length):
    """Yields what tiles see of a side, what is theirs, and margins of it."""
    for start in range(0, length, TILE):
        stop = min(start + TILE, length)
        first, last = max(0, start - MARGIN), min(stop + MARGIN, length)
        # The network continues each picture by 8 pixels.
        margins = start and start - first + 8, last - stop and last - stop + 8
        measured = last - first + 16 + -(last - first) % 4 - sum(margins)
        inner = slice(start - first, stop - first)
        yield slice(first, last), slice(start, stop), inner, margins, measured


def paint_level(run, image, channels):
    """run(image, given moments, margins) -> painted, measured moments."""
    height, width = image.shape[:2]
    tiles = [
        (*zip(*pair, strict=True),)
        for pair in itertools.product(cut(height), cut(width))
    ]
    given = np.full((2, sum(channels)), -1, np.float32)
    areas = [math.prod(measured) for *_, measured in tiles]
    known = 0
    for layers in LAYERS_OF_ROUNDS if len(tiles) > 1 else ():
        found = [run(image[seen], given, m)[1] for seen, _, _, m, _ in tiles]
        powers = [(mean, variance + mean**2) for mean, variance in found]
        mean, power = np.average(powers, axis=0, weights=areas)
        end = sum(channels[:layers])
        given[:, known:end] = np.array([mean, power - mean**2])[:, known:end]
        known = end
    painted = np.empty_like(image)
    for seen, own, inner, margins, _ in tiles:
        painted[own] = run(image[seen], given, margins)[0][inner]
    return painted


def paint(run, photo, channels):
    """Paints a PIL image coarse to fine; returns float32 [h, w, 3]."""
    ratio = max(1, max(photo.size) / DECIDING_SIZE)
    count = math.ceil(max(1, math.log2(ratio) - 0.25)) if ratio > 1 else 0
    painted = before = None
    for left in range(count, -1, -1):
        size = [round(n / ratio ** (left / max(1, count))) for n in photo.size]
        level = np.asarray(photo.resize(size, Image.Resampling.LANCZOS))
        level = level.astype(np.float32) / 255
        if painted is None:
            painted = paint_level(run, level, channels)
        else:
            step = max(size) / max(painted.shape)
            share = 0.9 * min(1, math.log(step) / math.log(math.sqrt(2)))
            image = np.clip(level + resize(painted - before, size), 0, 1)
            change = paint_level(run, image, channels) - image
            # The level's own fine strokes; what is broad is the one before's.
            rest = [(0, -n % BROAD) for n in change.shape[:2]]
            whole = np.pad(change, [*rest, (0, 0)], "edge")
            small = [n // BROAD for n in whole.shape[1::-1]]
            broad = resize(whole, small, Image.Resampling.BICUBIC)
            broad = resize(broad, whole.shape[1::-1], Image.Resampling.BICUBIC)
            change -= broad[: change.shape[0], : change.shape[1]]
            painted = np.clip(image + share * change, 0, 1)
        before = level
    return painted


def main(folder, photo_path, style, output):
    description = json.loads((Path(folder) / "export.json").read_text("utf-8"))
    names = [entry["name"] for entry in description["styles"]]
    weights = np.zeros((1, len(names)), np.float32)
    weights[0, names.index(style)] = 1
    session = onnxruntime.InferenceSession(Path(folder, "model.onnx"))

    def run(image, given, margins):
        inputs = {"image": image[None], "style_weights": weights}
        tile = {"given_moments": given, "margins": np.ravel(margins)}
        painted, moments = session.run(
            ["stylized_image", "moments"], inputs | tile
        )
        return painted[0], moments.astype(float)

    photo = ImageOps.exif_transpose(Image.open(photo_path)).convert("RGB")
    painted = paint(run, photo, description["channels"])
    Image.fromarray(np.rint(painted * 255).astype(np.uint8)).save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
