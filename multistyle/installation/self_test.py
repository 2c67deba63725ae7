"""The self-test: a picture is painted, and compared with the expected one."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import PHOTOGRAPHS_FOLDER
from multistyle.images.values import to_float
from multistyle.inference.stylizer import Stylizer

EXPECTED_FOLDER = Path(__file__).parent / "expected"
BLEND = {"starry_night": 0.7, "great_wave": 0.3}
# (height, width): no multiples of four.
SIZE = (66, 99)
# Largest mean difference, of 255.
TOLERANCES = {"float32": 0.5, "bfloat16": 2.0}


class Outcome(NamedTuple):
    """What a self-test found.

    Attributes:
        precision: of the engine, "float32" or "bfloat16".
        difference: mean difference to the expected picture, of 255.
        is_right: whether it is within `TOLERANCES`.
    """

    precision: str
    difference: float
    is_right: bool


def expected_path(model: str) -> Path:
    """Returns the path of the picture that a bundled model must paint."""
    return EXPECTED_FOLDER / f"{model}.png"


def paint_test_picture(stylizer: Stylizer) -> np.ndarray:
    """Paints what is compared, uint8 [H, W, 3]."""
    photograph = resize(read_image(PHOTOGRAPHS_FOLDER / "coffee.jpg"), SIZE)
    return stylizer.stylize(photograph, BLEND)


def run_self_test(model: str, engine: str) -> Outcome:
    """Lets an engine paint by a bundled model, and compares the picture.

    Args:
        model: str, the name of a bundled model.
        engine: "openvino" or "keras".

    Raises:
        InputError: if the engine cannot be used.
    """
    stylizer = Stylizer.load(model, engine=engine)
    painted = paint_test_picture(stylizer)
    expected = read_image(expected_path(model))
    if painted.shape != expected.shape:
        raise InputError(
            f"The picture has the shape {painted.shape} in place of "
            f"{expected.shape}."
        )
    difference = 255 * float(
        np.abs(to_float(painted) - to_float(expected)).mean()
    )
    precision = stylizer.engine.precision
    return Outcome(precision, difference, difference <= TOLERANCES[precision])
