"""The nodes: a model, a blend by sliders, painting, and learning a style.

In the form that every ComfyUI takes: classes with `INPUT_TYPES`. An IMAGE is
float32 [B, H, W, C] in [0, 1], a MASK float32 [B, H, W].
"""

import numpy as np

from . import models

CATEGORY = "multistyle"
NUM_SLIDERS = 4
_NO_STYLE = "none"


def _slider(default, low, high, step=0.01):
    return (
        "FLOAT",
        {
            "default": default,
            "min": low,
            "max": high,
            "step": step,
            "display": "slider",
        },
    )


class MultistyleModel:
    """Loads an exported model, or one of an installed multistyle."""

    CATEGORY = CATEGORY
    FUNCTION = "load"
    RETURN_TYPES = ("MULTISTYLE_MODEL",)
    RETURN_NAMES = ("model",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"model": (list(models.list_models()),)}}

    def load(self, model):
        return (models.load_model(model),)


class MultistyleBlend:
    """Makes a blend by sliders: its text, and the weights as they are used."""

    CATEGORY = CATEGORY
    FUNCTION = "blend"
    RETURN_TYPES = ("STRING", *["FLOAT"] * NUM_SLIDERS)
    RETURN_NAMES = (
        "blend",
        *[f"weight_{number}" for number in range(1, NUM_SLIDERS + 1)],
    )

    @classmethod
    def INPUT_TYPES(cls):
        names = models.list_styles()
        required = {}
        for number in range(1, NUM_SLIDERS + 1):
            is_first = number == 1
            shown = names if is_first else [_NO_STYLE, *names]
            required[f"style_{number}"] = (shown,)
            required[f"weight_{number}"] = _slider(float(is_first), 0.0, 1.0)
        return {"required": required}

    def blend(self, **inputs):
        """Brings the weights to a sum of 1; a style chosen twice adds up.

        Raises:
            ValueError: if no slider with a style is above 0.
        """
        numbers = range(1, NUM_SLIDERS + 1)
        names = [inputs[f"style_{number}"] for number in numbers]
        weights = [
            inputs[f"weight_{number}"] * (name != _NO_STYLE)
            for number, name in zip(numbers, names, strict=True)
        ]
        total = sum(weights)
        if not total > 0:
            raise ValueError("Every slider is at 0: move that of a style.")
        weights = [weight / total for weight in weights]
        sums = {}
        for name, weight in zip(names, weights, strict=True):
            if weight:
                sums[name] = sums.get(name, 0.0) + weight
        text = ",".join(f"{name}={weight:.6g}" for name, weight in sums.items())
        return (text, *weights)


class MultistylePaint:
    """Paints pictures in a blend of styles; where a mask is white, if given."""

    CATEGORY = CATEGORY
    FUNCTION = "paint"
    RETURN_TYPES = ("IMAGE",)
    RETURN_NAMES = ("image",)

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "image": ("IMAGE",),
                "model": ("MULTISTYLE_MODEL",),
                "blend": (
                    "STRING",
                    {"default": "starry_night=0.7,great_wave=0.3"},
                ),
                "strength": _slider(1.0, 0.0, 1.0),
                "stroke_scale": _slider(1.0, 0.25, 4.0),
            },
            "optional": {
                "mask": ("MASK",),
                "finisher": ("MULTISTYLE_MODEL",),
            },
        }

    def paint(
        self,
        image,
        model,
        blend,
        strength,
        stroke_scale,
        mask=None,
        finisher=None,
    ):
        """Paints each picture of a batch; see `models.ExportedModel.paint`.

        Raises:
            ValueError: for a mask of another size, or of neither one picture
                nor as many as there are.
        """
        pictures = image.cpu().numpy().astype(np.float32)
        masks = [None] * len(pictures)
        if mask is not None:
            masks = mask.cpu().numpy().astype(np.float32)
            masks = masks.reshape(-1, *masks.shape[-2:])
            if len(masks) not in (1, len(pictures)) or (
                masks.shape[1:] != pictures.shape[1:3]
            ):
                raise ValueError(
                    f"The mask is {masks.shape}, the pictures "
                    f"{pictures.shape[:3]}: give one of their height and "
                    "width, for all or for each."
                )
            masks = np.broadcast_to(masks, pictures.shape[:3])
        painted = pictures.copy()  # What is beside RGB, alpha, stays.
        for picture, result, shown in zip(
            pictures, painted, masks, strict=True
        ):
            result[..., :3] = model.paint(
                np.ascontiguousarray(picture[..., :3]),
                blend,
                strength=strength if shown is None else strength * shown,
                stroke_scale=stroke_scale,
                finisher=finisher,
            )
        return (image.new_tensor(painted),)


class MultistyleLearn:
    """Learns the style of a painting; a batch is several works of one hand."""

    CATEGORY = CATEGORY
    FUNCTION = "learn"
    RETURN_TYPES = ("MULTISTYLE_MODEL", "STRING")
    RETURN_NAMES = ("model", "blend")

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "model": ("MULTISTYLE_MODEL",),
                "painting": ("IMAGE",),
                "name": ("STRING", {"default": "mine"}),
                "learning": (["quick", "instant", "thorough"],),
            }
        }

    def learn(self, model, painting, name, learning):
        """Returns the model with one style more, and its name as a blend.

        Raises:
            ValueError: for a model that is an export, which learns nothing.
        """
        if not hasattr(model, "learn"):
            raise ValueError(
                "An exported model learns nothing: install multistyle where "
                "ComfyUI's Python is, and choose a model that is `installed`."
            )
        works = painting.cpu().numpy().astype(np.float32)[..., :3]
        return model.learn(list(works), name, learning), name


NODE_CLASS_MAPPINGS = {
    node.__name__: node
    for node in (
        MultistyleModel,
        MultistyleBlend,
        MultistylePaint,
        MultistyleLearn,
    )
}
NODE_DISPLAY_NAME_MAPPINGS = {
    "MultistyleModel": "multistyle: model",
    "MultistyleBlend": "multistyle: blend by sliders",
    "MultistylePaint": "multistyle: paint",
    "MultistyleLearn": "multistyle: learn a style",
}
