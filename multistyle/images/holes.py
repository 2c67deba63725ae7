"""Holes: places without a colour of their own, filled from around them."""

import numpy as np
from PIL import Image


def fill_holes(image: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Fills a picture where it counts little from where it counts.

    By push and pull: pixels are averaged four by four, each as much as it
    counts, until one is left; on the way back, every pixel is mixed with the
    coarser level by what it lacks.

    Args:
        image: float array [H, W, C], finite.
        confidence: float array [H, W] in [0, 1]. A pixel of 1 keeps its
            value exactly, and one of 0 takes no part.

    Returns:
        float32 [H, W, C]; `image` itself where nothing counts.

    Reference:
        Gortler et al., 1996, "The Lumigraph", section 3.4.
    """
    image = np.asarray(image, np.float32)
    confidence = np.asarray(confidence, np.float32)[..., None]
    if not confidence.any() or confidence.min() == 1:
        return image
    return _fill(image, confidence)


def _fill(image, confidence):
    height, width = image.shape[:2]
    if height == width == 1:
        return image
    # An odd edge is completed by pixels that do not count.
    odd = [(0, height % 2), (0, width % 2), (0, 0)]
    total = _sum_fours(np.pad(confidence, odd))
    mean = _sum_fours(np.pad(image * confidence, odd))
    mean /= np.where(total > 0, total, 1)
    coarse = _fill(mean, np.minimum(total, 1))
    size = (2 * coarse.shape[1], 2 * coarse.shape[0])
    around = np.stack(
        [
            Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            for plane in np.moveaxis(coarse, 2, 0)
        ],
        axis=2,
    )[:height, :width]
    return image * confidence + around * (1 - confidence)


def _sum_fours(image):
    rows = image[::2] + image[1::2]
    return rows[:, ::2] + rows[:, 1::2]
