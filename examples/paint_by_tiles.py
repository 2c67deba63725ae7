"""Paints a photograph of any size with what `multistyle export` wrote, alone.

    multistyle export --model=paintings-fast --format=onnx --output=exported
    pip install numpy onnxruntime pillow
    python paint_by_tiles.py exported photo.jpg starry_night painted.png

ORT_DISABLE_TELEMETRY=1 keeps ONNX Runtime from sending notes of its use.
It is all that an app needs, in any language: the picture is painted at 1,000
pixels, then at about twice the size again and again, each time the painting so
far with the photograph's detail. `plan.onnx` names these sizes, and the windows
that each is cut into, which are painted under the moments of all of them. They
are measured in rounds, since those of a layer depend on the layers before.
"""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

folder, photo_path, style, output = sys.argv[1:]
model = onnxruntime.InferenceSession(Path(folder, "model.onnx"))
names = json.loads(model.get_modelmeta().custom_metadata_map["styles"])
weights = np.eye(len(names), dtype=np.float32)[[names.index(style)]]


def run(name, **inputs):
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # It would hold twice as much.
    path = Path(folder, f"{name}.onnx")
    return onnxruntime.InferenceSession(path, options).run(None, inputs)


def paint(image):
    _, windows, rounds = run("plan", size=np.int64(image.shape[1:3]))
    moments = np.full((len(windows), 2, rounds[-1, 1]), -1, np.float32)
    painted = np.empty_like(image)
    for start, end in rounds:
        feed = {"style_weights": weights, "given_moments": moments}
        found = []
        for window in windows:
            feed |= {"image": image, "window": window}
            tile, measured = model.run(None, feed)
            top, left, bottom, right = window
            painted[:, top:bottom, left:right] = tile
            found.append(measured)
        moments[..., start:end] = np.array(found)[..., start:end]
    return painted


photo = ImageOps.exif_transpose(Image.open(photo_path)).convert("RGB")
levels = []
for size in run("plan", size=np.int64(photo.size[::-1]))[0]:
    level = photo.resize(size[::-1], Image.Resampling.LANCZOS)
    levels.append(np.asarray(level, np.float32)[None] / 255)
painted = paint(levels[0])
for before, level in itertools.pairwise(levels):
    feed = {"photograph": level, "reduced": before, "painting": painted}
    (image,) = run("enlarge", **feed)
    feed = {"enlarged": image, "painted": paint(image), "reduced": before}
    (painted,) = run("settle", **feed)
Image.fromarray(np.rint(painted[0] * 255).astype(np.uint8)).save(output)
