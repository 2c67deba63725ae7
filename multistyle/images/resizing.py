"""Resizing with antialiasing."""

import numpy as np
from PIL import Image

from multistyle.images.values import to_dtype, to_float


def resize(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resizes a picture by Lanczos' filter, antialiased when it shrinks.

    Args:
        image: [H, W, C], uint8, uint16, or float in [0, 1]; four channels of
            whole numbers are RGBA, whose colours are weighted by alpha.
        size: (height, width) in pixels, each at least 1.

    Returns:
        [height, width, C], of the kind of `image` (float32 for any float); the
        overshoot at edges is clipped. `image` itself where it has that size
        already.

    Raises:
        ValueError: if `image` is not of rank 3; the message names its shape.
    """
    if image.ndim != 3:
        raise ValueError(
            f"`image` must be [H, W, C], but its shape is {image.shape}."
        )
    height, width = size
    if image.shape[:2] == (height, width):
        return image

    def resized(pixels):
        return np.array(
            Image.fromarray(pixels).resize(
                (width, height), Image.Resampling.LANCZOS
            )
        )

    if image.dtype == np.uint16:
        return _resize_deep(image, size)
    if image.dtype == np.uint8:
        if image.shape[2] in (3, 4):
            return resized(image)
    else:
        image = image.astype(np.float32)
    planes = [resized(plane) for plane in np.moveaxis(image, 2, 0)]
    stacked = np.stack(planes, axis=2)
    return stacked if image.dtype == np.uint8 else stacked.clip(0, 1)


def _resize_deep(image, size):
    image = to_float(image)
    if image.shape[2] == 4:
        image = np.concatenate(
            [image[..., :3] * image[..., 3:], image[..., 3:]], 2
        )
    resized = resize(image, size)
    if image.shape[2] == 4:
        alpha = np.maximum(resized[..., 3:], np.float32(1e-6))
        resized[..., :3] /= alpha
    return to_dtype(resized, np.uint16)


def resize_short_side(image: np.ndarray, px: int) -> np.ndarray:
    """Resizes `image` so that its short side has `px` pixels; see `resize`."""
    return scale(image, px / min(image.shape[:2]))


def resize_long_side(image: np.ndarray, px: int) -> np.ndarray:
    """Resizes `image` so that its long side has `px` pixels; see `resize`."""
    return scale(image, px / max(image.shape[:2]))


def scale(image: np.ndarray, factor: float) -> np.ndarray:
    """Resizes `image` by a factor, to whole pixels; see `resize`."""
    height, width = image.shape[:2]
    return resize(
        image,
        (max(1, round(height * factor)), max(1, round(width * factor))),
    )
