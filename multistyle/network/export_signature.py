"""What an export by Keras takes, with sizes left free."""

import keras

from multistyle.errors import InputError


def free_signature(num_styles: int, format: str) -> list[dict]:
    """Describes the inputs of a network as `keras.Model.export` takes them.

    Args:
        num_styles: how many styles the network has, N.
        format: one of Keras' formats.

    Returns:
        A list of one dict: "image", [None, None, None, 3], and
        "style_weights", [None, N], both float32.

    Raises:
        InputError: for a SavedModel where Keras does not run on TensorFlow.
    """
    backend = keras.backend.backend()
    if format == "tf_saved_model" and backend != "tensorflow":
        raise InputError(
            "A SavedModel of free sizes is written with Keras on TensorFlow, "
            f"and it runs on `{backend}`: set KERAS_BACKEND=tensorflow, or "
            "give an `input_signature` of fixed sizes."
        )
    shapes = {
        "image": (None, None, None, 3),
        "style_weights": (None, num_styles),
    }
    return [
        {
            name: keras.InputSpec(shape=shape, dtype="float32", name=name)
            for name, shape in shapes.items()
        }
    ]
