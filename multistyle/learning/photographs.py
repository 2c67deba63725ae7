"""The photographs that a row is learned on: eight that come with us."""

import functools
from pathlib import Path

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.values import to_float

CROP_SIZE = 192
_PATH = Path(__file__).parent / "bundled" / "photographs.jpg"


@functools.cache
def crops() -> np.ndarray:
    """Returns the crops, and then each mirrored.

    Returns:
        float32 [16, 192, 192, 3] in [0, 1], RGB.
    """
    column = to_float(read_image(_PATH))
    each = column.reshape(-1, CROP_SIZE, CROP_SIZE, 3)
    return np.concatenate([each, each[:, :, ::-1]])
