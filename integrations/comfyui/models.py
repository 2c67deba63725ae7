"""What paints: an exported ONNX file, or multistyle where it is installed."""

import functools
import importlib.util
import itertools
import json
import math
import os
from pathlib import Path

import numpy as np
from PIL import Image

DESCRIPTION_FILE = "export.json"
MODEL_FILE = "model.onnx"
# Exports of one blend have none, and cannot be used here.
PLAN_FILE = "plan.onnx"
INSTALLED = "installed: "
# Up to so many pixels a side a level is painted in one pass, which holds about
# 1 kB a pixel; a larger one window by window.
ONE_PASS = 3000


class ExportedModel:
    """A folder that `multistyle export --format=onnx` wrote.

    Args:
        folder: its path.

    Attributes:
        style_names: list of str.
    """

    def __init__(self, folder):
        # Otherwise it would send notes of its use to Microsoft.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime  # Late, so that the node's list needs none.

        text = Path(folder, DESCRIPTION_FILE).read_text("utf-8")
        self.style_names = [s["name"] for s in json.loads(text)["styles"]]
        self._model = onnxruntime.InferenceSession(
            str(Path(folder, MODEL_FILE)),
            providers=onnxruntime.get_available_providers(),
        )
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = False  # It would hold gigabytes.
        self._plan, self._enlarge, self._settle = (
            onnxruntime.InferenceSession(
                str(Path(folder, name)),
                options,
                providers=["CPUExecutionProvider"],
            )
            for name in (PLAN_FILE, "enlarge.onnx", "settle.onnx")
        )

    def paint(self, image, blend, *, strength, stroke_scale, finisher=None):
        """Paints one picture.

        Args:
            image: float32 [H, W, 3] in [0, 1].
            blend: text, as "starry_night=0.7,great_wave=0.3".
            strength: how much of the painting is shown, in [0, 1]; a number,
                or float32 [H, W].
            stroke_scale: above 0: 2 is twice as broad strokes.
            finisher: another one, which paints the finer sizes of a picture
                of more than 1,000 pixels; None is this one.

        Returns:
            float32 [H, W, 3] in [0, 1].

        Raises:
            ValueError: for a blend that is none of its styles.
        """
        finisher = finisher or self
        finer_weights = finisher._weights(blend)
        scale = np.array([stroke_scale], np.float32)
        size = np.array(image.shape[:2], np.int64)
        levels = [
            _shrink(image, tuple(level))[None]
            for level in self._plan.run(
                ["levels"], {"size": size, "stroke_scale": scale}
            )[0]
        ]
        painted = self._paint_level(levels[0], self._weights(blend))
        for before, level in itertools.pairwise(levels):
            feed = {"photograph": level, "reduced": before}
            (enlarged,) = self._enlarge.run(None, {**feed, "painting": painted})
            feed = {"enlarged": enlarged, "reduced": before}
            finer = finisher._paint_level(enlarged, finer_weights)
            (painted,) = self._settle.run(None, {**feed, "painted": finer})
        shown = np.asarray(strength, np.float32)
        if shown.ndim:
            shown = shown[..., None]
        return image + shown * (painted[0] - image)

    def _paint_level(self, image, weights):
        """Paints [1, H, W, 3] under the moments of all of its windows."""
        feed = {"size": np.array(image.shape[1:3], np.int64)}
        if max(image.shape) <= ONE_PASS:
            feed["tile_size"] = np.array([ONE_PASS], np.int64)
        windows, rounds = self._plan.run(["windows", "rounds"], feed)
        moments = np.full((len(windows), 2, rounds[-1, 1]), -1, np.float32)
        painted = np.empty_like(image)
        feed = {"image": image, "style_weights": weights[None]}
        for start, end in rounds:
            feed["given_moments"] = moments
            found = []
            for window in windows:
                tile, measured = self._model.run(
                    None, {**feed, "window": window}
                )
                top, left, bottom, right = window
                painted[:, top:bottom, left:right] = tile
                found.append(measured)
            moments[..., start:end] = np.array(found)[..., start:end]
        return painted

    def _weights(self, blend):
        weights = np.zeros(len(self.style_names), np.float32)
        for name, weight in read_blend(blend).items():
            if name not in self.style_names:
                raise ValueError(
                    f"The model has no style `{name}`; it has "
                    f"{', '.join(self.style_names)}."
                )
            weights[self.style_names.index(name)] = weight
        return weights / weights.sum()


class InstalledModel:
    """A model of the multistyle that is installed here.

    Args:
        stylizer: a `multistyle.Stylizer`.

    Attributes:
        style_names: list of str.
    """

    def __init__(self, stylizer):
        self._stylizer = stylizer
        self.style_names = stylizer.style_names

    def paint(self, image, blend, *, strength, stroke_scale, finisher=None):
        """Paints one picture; see `ExportedModel.paint`.

        Models of an installed multistyle name their own finisher.
        """
        return self._stylizer.stylize(
            image, blend, strength=strength, stroke_scale=stroke_scale
        )

    def learn(self, paintings, name, learning):
        """Returns one with the style of paintings, [H, W, 3] in [0, 1]."""
        learned = self._stylizer.learn(paintings, name=name, learning=learning)
        return InstalledModel(learned)


def read_blend(text):
    """Reads "starry_night=0.7,great_wave=0.3" as a dict; a name weighs 1.

    Raises:
        ValueError: for what is no such text, and for weights that are below 0
            or nothing in all.
    """
    blend = {}
    for piece in filter(None, map(str.strip, text.split(","))):
        name, _, weight = piece.partition("=")
        try:
            blend[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            raise ValueError(
                f"`{piece}` is no part of a blend: write NAME=NUMBER."
            ) from None
    is_some = 0 < sum(blend.values()) < math.inf
    if min(blend.values(), default=0) < 0 or not is_some:
        raise ValueError(
            f"`{text}` is no blend: write weights that are together above 0, "
            "as starry_night=0.7,great_wave=0.3."
        )
    return blend


def list_models():
    """Returns {name: path of an export, or None of what is installed}."""
    models = {
        path.parent.name: path.parent
        for folder in _folders()
        for path in sorted(folder.glob(f"*/{DESCRIPTION_FILE}"))
        if (path.parent / PLAN_FILE).is_file()
    }
    if is_installed():
        from multistyle.network.models import bundled_models

        models.update((INSTALLED + name, None) for name in bundled_models())
    return models


def list_styles():
    """Returns the names of the styles of all models, sorted."""
    names = set()
    for name, folder in list_models().items():
        if folder is None:
            names.update(load_model(name).style_names)
        else:
            text = (folder / DESCRIPTION_FILE).read_text("utf-8")
            names.update(s["name"] for s in json.loads(text)["styles"])
    return sorted(names)


@functools.lru_cache(4)
def load_model(name):
    """Loads one of `list_models`.

    Raises:
        ValueError: if it is none of them.
    """
    models = list_models()
    if name not in models:
        raise ValueError(
            f"There is no model `{name}`: lay a folder that `multistyle export "
            f"--format=onnx` wrote into {_folders()[0]}."
        )
    if models[name] is not None:
        return ExportedModel(models[name])
    import multistyle

    spec = name.removeprefix(INSTALLED)
    return InstalledModel(multistyle.Stylizer.load(spec))


def _shrink(image, size):
    """Makes a photograph smaller; in 8 bits, as that of a file."""
    if image.shape[:2] == size:
        return image
    rounded = np.rint(image.clip(0, 1) * 255).astype(np.uint8)
    smaller = Image.fromarray(rounded).resize(
        size[::-1], Image.Resampling.LANCZOS
    )
    return np.asarray(smaller, np.float32) / 255


def is_installed():
    """Says whether multistyle is installed; nothing of it is imported."""
    return importlib.util.find_spec("multistyle") is not None


def _folders():
    """Returns where exports lie: beside the nodes, and in ComfyUI's models."""
    folders = [Path(__file__).parent / "exports"]
    if importlib.util.find_spec("folder_paths"):  # ComfyUI's own module.
        import folder_paths

        folders.insert(0, Path(folder_paths.models_dir, "multistyle"))
    return folders
