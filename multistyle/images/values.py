"""Values: a picture's numbers as uint8, uint16 or float32."""

import numpy as np
from numpy.typing import DTypeLike


def to_uint8(image: np.ndarray) -> np.ndarray:
    """Rounds a picture to uint8; see `to_dtype`."""
    return to_dtype(image, np.uint8)


def to_dtype(image: np.ndarray, dtype: DTypeLike) -> np.ndarray:
    """Scales a picture to another kind of values; `to_float` is the way back.

    Args:
        image: array of any shape, uint8, uint16, or float in [0, 1]; values
            outside are clipped.
        dtype: `np.uint8`, `np.uint16`, or a float type, which is float32.

    Returns:
        Array of the same shape, rounded to whole numbers; `image` itself where
        it is of that kind already.
    """
    if image.dtype == dtype:
        return image
    if np.dtype(dtype).kind == "f":
        return to_float(image)
    full = np.float32(np.iinfo(dtype).max)
    return np.rint(np.clip(to_float(image), 0, 1) * full).astype(dtype)


def to_float(image: np.ndarray) -> np.ndarray:
    """Scales a picture of whole numbers to float32 in [0, 1].

    Args:
        image: uint8 or uint16 array of any shape, or float, which is only
            cast.

    Returns:
        float32 array of the same shape; `to_dtype` gives `image` back.
    """
    if image.dtype in (np.uint8, np.uint16):
        return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)
    return image.astype(np.float32, copy=False)
