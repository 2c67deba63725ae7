"""Paints a photograph of any size with what `multistyle export` wrote, alone.

    multistyle export --model=paintings-fast --format=onnx --output=exported
    pip install numpy onnxruntime pillow
    python paint_by_tiles.py exported photo.jpg starry_night painted.png

ORT_DISABLE_TELEMETRY=1 keeps ONNX Runtime from sending notes of its use.
It is all that an app needs, in any language: the picture is painted at 1,000
pixels, then at about twice the size again and again, each time the painting so
far with the photograph's detail. A level is cut into windows, painted under the
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


def cut(length, longest):
    step = math.ceil(length / math.ceil(length / longest) / 4) * 4
    return [(start, start + step) for start in range(0, length, step)]


def paint_level(run, image, plan):
    sides = [cut(length, plan["tile_size"]) for length in image.shape[1:3]]
    windows = [np.ravel(pair, "F") for pair in itertools.product(*sides)]
    moments = np.full((2, plan["rounds"][-1][1]), -1, np.float32)
    for start, end in plan["rounds"] if len(windows) > 1 else ():
        found = np.array([run(image, moments, w)[1] for w in windows])
        mean, variance = found.mean(axis=0)
        variance += found[:, 0].var(axis=0)
        moments[:, start:end] = mean[start:end], variance[start:end]
    painted = np.empty_like(image)
    for top, left, bottom, right in windows:
        tile = run(image, moments, np.array([top, left, bottom, right]))[0]
        painted[:, top:bottom, left:right] = tile
    return painted


def main(folder, photo_path, style, output):
    model = onnxruntime.InferenceSession(Path(folder, "model.onnx"))
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # Memory is given back.
    enlarge, settle = (
        onnxruntime.InferenceSession(Path(folder, f"{name}.onnx"), options)
        for name in ("enlarge", "settle")
    )
    export = json.loads(Path(folder, "export.json").read_text("utf-8"))
    plan, names = export["levels"], [s["name"] for s in export["styles"]]
    weights = np.eye(len(names), dtype=np.float32)[[names.index(style)]]

    def run(image, moments, window):
        tile = {"image": image, "window": window, "given_moments": moments}
        outputs = ["stylized_image", "moments"]
        return model.run(outputs, {"style_weights": weights, **tile})

    photo = ImageOps.exif_transpose(Image.open(photo_path)).convert("RGB")
    ratio = max(1, max(photo.size) / plan["deciding_size"])
    steps = math.ceil(math.log2(ratio) + 1 - plan["most_doublings"])
    steps = max(steps, int(ratio > 1))
    step = ratio ** (1 / max(steps, 1))
    pyramid = []
    for left in range(steps, -1, -1):
        size = [round(n / step**left) for n in photo.size]
        level = photo.resize(size, Image.Resampling.LANCZOS)
        pyramid.append(np.asarray(level, np.float32)[None] / 255)
    painted = paint_level(run, pyramid[0], plan)
    for before, level in itertools.pairwise(pyramid):
        feed = {"photograph": level, "reduced": before, "painting": painted}
        (image,) = enlarge.run(None, feed)
        feed = {"enlarged": image, "painted": paint_level(run, image, plan)}
        (painted,) = settle.run(None, feed | {"ratio": np.float32([step])})
    Image.fromarray(np.rint(painted[0] * 255).astype(np.uint8)).save(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
