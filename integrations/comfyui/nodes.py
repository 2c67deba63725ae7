"""The nodes: a model, a blend by sliders, painting, and learning a style.

By ComfyUI's third form of nodes, `io.ComfyNode`, which it has had since 0.3.48.
An IMAGE is float32 [B, H, W, C] in [0, 1], a MASK float32 [B, H, W].
"""

import numpy as np
from comfy_api.latest import ComfyExtension, io

from . import models

NUM_SLIDERS = 4
_NO_STYLE = "none"
_Model = io.Custom("MULTISTYLE_MODEL")


def _schema(node, name, inputs, outputs):
    return io.Schema(
        node_id=node.__name__,
        display_name=f"multistyle: {name}",
        category="multistyle",
        description=node.__doc__,
        inputs=inputs,
        outputs=outputs,
    )


def _slider(name, default, low, high, tooltip):
    return io.Float.Input(
        name,
        default=default,
        min=low,
        max=high,
        step=0.01,
        display_mode=io.NumberDisplay.slider,
        tooltip=tooltip,
    )


class MultistyleModel(io.ComfyNode):
    """Loads an exported model, or one of an installed multistyle."""

    @classmethod
    def define_schema(cls):
        return _schema(
            cls,
            "model",
            [io.Combo.Input("model", options=list(models.list_models()))],
            [_Model.Output(display_name="model")],
        )

    @classmethod
    def execute(cls, model):
        return io.NodeOutput(models.load_model(model))


class MultistyleBlend(io.ComfyNode):
    """Makes a blend by sliders: its text, and the weights as they are used."""

    @classmethod
    def define_schema(cls):
        names = models.list_styles()
        inputs = []
        for number in range(1, NUM_SLIDERS + 1):
            is_first = number == 1
            shown = names if is_first else [_NO_STYLE, *names]
            inputs += [
                io.Combo.Input(f"style_{number}", options=shown),
                _slider(
                    f"weight_{number}",
                    float(is_first),
                    0.0,
                    1.0,
                    "The weights are brought to a sum of 1.",
                ),
            ]
        weights = [
            io.Float.Output(display_name=f"weight_{number}")
            for number in range(1, NUM_SLIDERS + 1)
        ]
        return _schema(
            cls,
            "blend by sliders",
            inputs,
            [io.String.Output(display_name="blend"), *weights],
        )

    @classmethod
    def execute(cls, **inputs):
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
        return io.NodeOutput(text, *weights)


class MultistylePaint(io.ComfyNode):
    """Paints pictures in a blend of styles; where a mask is white, if given."""

    @classmethod
    def define_schema(cls):
        return _schema(
            cls,
            "paint",
            [
                io.Image.Input("image"),
                _Model.Input("model"),
                io.String.Input(
                    "blend",
                    default="starry_night=0.7,great_wave=0.3",
                    tooltip="Names of styles with their weights; a name "
                    "alone weighs 1.",
                ),
                _slider(
                    *("strength", 1.0, 0.0, 1.0),
                    "How much of the painting covers the picture.",
                ),
                _slider(
                    *("stroke_scale", 1.0, 0.25, 4.0),
                    "Breadth of strokes, beside what suits 1,000 pixels.",
                ),
                io.Mask.Input("mask", optional=True),
                _Model.Input(
                    "finisher",
                    optional=True,
                    tooltip="What paints the finer sizes of a picture of "
                    "more than 1,000 pixels.",
                ),
            ],
            [io.Image.Output(display_name="image")],
        )

    @classmethod
    def execute(
        cls,
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
        return io.NodeOutput(image.new_tensor(painted))


class MultistyleLearn(io.ComfyNode):
    """Learns the style of a painting; a batch is several works of one hand."""

    @classmethod
    def define_schema(cls):
        return _schema(
            cls,
            "learn a style",
            [
                _Model.Input("model"),
                io.Image.Input("painting"),
                io.String.Input("name", default="mine"),
                io.Combo.Input(
                    "learning", options=["quick", "instant", "thorough"]
                ),
            ],
            [
                _Model.Output(display_name="model"),
                io.String.Output(display_name="blend"),
            ],
        )

    @classmethod
    def execute(cls, model, painting, name, learning):
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
        return io.NodeOutput(model.learn(list(works), name, learning), name)


class MultistyleExtension(ComfyExtension):
    """What ComfyUI asks for the nodes."""

    async def get_node_list(self):
        return [
            MultistyleModel,
            MultistyleBlend,
            MultistylePaint,
            MultistyleLearn,
        ]


async def comfy_entrypoint():
    return MultistyleExtension()
