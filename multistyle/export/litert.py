"""LiteRT: the network for telephones and small machines."""

import contextlib
import importlib.metadata
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from multistyle.export.formats import (
    Paint,
    Settings,
    Written,
    describe_picture,
    describe_weights,
)
from multistyle.export.litert_halves import halve_weights
from multistyle.export.parity import ParityError
from multistyle.network.transform import TransformNetwork

MODEL_FILE = "model.tflite"
# Of a float32.
_BYTES = 4


def write(
    network: TransformNetwork, folder: Path, settings: Settings
) -> Written:
    """Writes `model.tflite` by Keras' exporter.

    Its one signature takes image, float32 [1, H, W, 3] in [0, 1], and
    style_weights, float32 [1, N], unless a blend is baked; its one output is
    float32 [1, H, W, 3] in [0, 1]. Without a size, the input is resized where
    the runtime can.

    Args:
        network: what to write.
        folder: where, an empty one.
        settings: see `Settings`.

    Raises:
        ParityError: if the file holds fewer bytes than the weights have.
    """
    height, width = settings.size or (None, None)
    picture = keras.InputSpec(
        shape=(1, height, width, 3), dtype="float32", name="image"
    )
    model: keras.Model = network
    signature: Any = {"image": picture}
    if settings.baked:
        model = _OneBlend(network)
    else:
        signature["style_weights"] = keras.InputSpec(
            shape=(1, network.num_styles), dtype="float32", name="style_weights"
        )
    path = folder / MODEL_FILE
    with _silent():
        # Not `TransformNetwork.export`, which writes its own signature.
        keras.Model.export(
            model,
            str(path),
            format="litert",
            verbose=False,
            input_signature=[signature],
        )
    check_weights(path, network)
    if settings.store == "float16":
        halve_weights(path)
    pictures = describe_picture("image", batch=1)
    if settings.size:
        pictures["shape"] = [1, *settings.size, 3]
    inputs = [pictures]
    if not settings.baked:
        inputs.append(describe_weights(network.num_styles, batch=1))
    interpreter = Interpreter(str(path))
    (names,) = interpreter.get_signature_list().values()
    (output,) = names["outputs"]
    return Written(
        _painter(interpreter, settings.baked),
        inputs,
        [{**pictures, "name": output}],
        {
            "tensorflow": tf.__version__,
            "ai-edge-litert": importlib.metadata.version("ai-edge-litert"),
        },
    )


def check_weights(path: Path, network: TransformNetwork) -> None:
    """Raises ParityError where a file is too small to hold the kernels.

    A conversion can succeed and leave them out.
    """
    numbers = sum(
        kernel.size
        for block in network.blocks
        for kernel in block.convolution.get_weights()
    )
    least, size = _BYTES * numbers, path.stat().st_size
    if size < least:
        raise ParityError(
            f"The file holds {size} bytes, and its weights alone are {least}: "
            "the conversion has left them out."
        )


@keras.saving.register_keras_serializable("multistyle")
class _OneBlend(keras.Model):
    """A network of one style, whose only input is the picture."""

    def __init__(self, network):
        super().__init__(name="one_blend")
        self.network = network
        self.built = True

    def call(self, inputs):
        image = inputs["image"]
        weights = keras.ops.ones((1, 1), "float32")
        return self.network({"image": image, "style_weights": weights})


def _painter(interpreter: Interpreter, baked: bool) -> Paint:
    """Returns the signature as a function, resized as is needed."""
    places = {
        detail["name"]: detail["index"]
        for detail in interpreter.get_input_details()
    }
    (image_place,) = (
        place for name, place in places.items() if "image" in name
    )

    def paint(image: np.ndarray, style_weights: np.ndarray) -> np.ndarray:
        interpreter.resize_tensor_input(image_place, image.shape)
        interpreter.allocate_tensors()
        for place in places.values():
            is_image = place == image_place
            interpreter.set_tensor(place, image if is_image else style_weights)
        interpreter.invoke()
        (output,) = interpreter.get_output_details()
        return interpreter.get_tensor(output["index"])

    return paint


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """The converter prints its captures."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield
