"""Paints a photograph of any size with an exported ONNX file alone.

    multistyle export --model=paintings-fast --format=onnx --output=exported
    pip install numpy onnxruntime pillow
    python paint_by_tiles.py exported photo.jpg starry_night painted.png

It is all that an app needs, in any language: the picture is painted at 1,000
pixels, then at about twice the size again and again, each time the painting so
far with the photograph's detail. A level is cut into tiles, painted under the
moments of all of them. They are measured in rounds, since a layer's depend on
those before: one round for each layer would be exact.
"""

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


def paint_level(run, image, channels):
    """run(image, given moments, margins) -> painted, measured moments."""
    tiles = []
    for top in range(0, image.shape[0], TILE):
        for left in range(0, image.shape[1], TILE):
            seen, own, margins, area = [], [], [], 1
            for start, length in zip((top, left), image.shape, strict=False):
                stop = min(start + TILE, length)
                first, last = max(0, start - MARGIN), min(stop + MARGIN, length)
                seen.append(slice(first, last))
                own.append(slice(start, stop))
                # The network continues each picture by 8 pixels.
                cut = (
                    start and start - first + 8,
                    last - stop and last - stop + 8,
                )
                margins += cut
                area *= last - first + 16 + -(last - first) % 4 - sum(cut)
            tiles.append((tuple(seen), tuple(own), np.array(margins), area))
    given = np.full((2, sum(channels)), -1, np.float32)
    known = 0
    for layers in LAYERS_OF_ROUNDS if len(tiles) > 1 else ():
        total = areas = 0
        for seen, _, margins, area in tiles:
            mean, variance = run(image[seen], given, margins)[1].astype(float)
            total = total + area * np.array([mean, variance + mean**2])
            areas += area
        mean, square = total / areas
        end = sum(channels[:layers])
        given[:, known:end] = np.array([mean, square - mean**2])[:, known:end]
        known = end
    painted = np.empty_like(image)
    for seen, own, margins, _ in tiles:
        inner = tuple(
            slice(o.start - s.start, o.stop - s.start)
            for s, o in zip(seen, own, strict=True)
        )
        painted[own] = run(image[seen], given, margins)[0][inner]
    return painted


def paint(run, photo, channels):
    """Paints a PIL image coarse to fine; returns float32 [h, w, 3]."""
    ratio = max(1, max(photo.size) / DECIDING_SIZE)
    count = max(1, math.ceil(math.log2(ratio) - 0.25)) if ratio > 1 else 0
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
            broad = np.pad(change, [*rest, (0, 0)], mode="edge")
            wide = broad.shape[1::-1]
            small = [n // BROAD for n in wide]
            broad = resize(broad, small, Image.Resampling.BICUBIC)
            broad = resize(broad, wide, Image.Resampling.BICUBIC)
            change -= broad[: change.shape[0], : change.shape[1]]
            painted = np.clip(image + share * change, 0, 1)
        before = level
    return painted


def main(folder, photo_path, style, output):
    description = json.loads((Path(folder) / "export.json").read_text("utf-8"))
    names = [entry["name"] for entry in description["styles"]]
    weights = np.zeros((1, len(names)), np.float32)
    weights[0, names.index(style)] = 1
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(Path(folder) / "model.onnx"), options
    )

    def run(image, given, margins):
        painted, moments = session.run(
            ["stylized_image", "moments"],
            {
                "image": image[None],
                "style_weights": weights,
                "given_moments": given,
                "margins": margins,
            },
        )
        return painted[0], moments

    photo = ImageOps.exif_transpose(Image.open(photo_path)).convert("RGB")
    painted = paint(run, photo, description["channels"])
    picture = np.round(painted * 255).astype(np.uint8)
    Image.fromarray(picture).save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
