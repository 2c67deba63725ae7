"""What the pocket network sees in a painting, by NumPy alone.

A painting that is read is seen once, and importing Keras for it would take
longer than all the rest.
"""

import functools
from collections.abc import Callable

import numpy as np

from multistyle.perceptual.pocket_form import (
    POCKET_BLOCKS,
    POCKET_MEAN,
    POCKET_PATH,
)

# What sees as `pocket_features` does.
PocketFeatures = Callable[[np.ndarray], dict[str, np.ndarray]]
# Bytes of patches at a time.
_STRIP_BYTES = 4e6


def pocket_features(image: np.ndarray) -> dict[str, np.ndarray]:
    """Computes the features of one picture.

    Args:
        image: float32 [H, W, 3] in [0, 1], RGB; H and W from 8.

    Returns:
        Dict style layer's name -> float32 [h, w, C], in the order of the
        layers; what `load_pocket` gives, up to rounding.

    Example:
        >>> import numpy as np
        >>> from multistyle.perceptual.pocket_features import pocket_features
        >>> features = pocket_features(np.zeros((64, 48, 3), np.float32))
        >>> {name: maps.shape for name, maps in features.items()}["relu3_3"]
        (16, 12, 96)
    """
    arrays = pocket_arrays()
    x = np.asarray(image, np.float32) - np.float32(POCKET_MEAN)
    features = {}
    for block, widths in enumerate(POCKET_BLOCKS, 1):
        for i in range(1, len(widths) + 1):
            name = f"conv{block}_{i}"
            x = _convolve(x, arrays[f"{name}/kernel"])
            x = np.maximum(x + arrays[f"{name}/bias"], 0)
        name = f"relu{block}_{len(widths)}"
        features[name] = x @ arrays[f"{name}/kernel"][0, 0]
        height, width = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
        x = x[:height, :width]
        x = (x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]) / 4
    return features


def _convolve(x, kernel):
    """Convolves [h, w, C] by [3, 3, C, F], zeros around it, in strips."""
    height, width, channels = x.shape
    padded = np.pad(x, [(1, 1), (1, 1), (0, 0)])
    kernel = kernel.reshape(3, 3 * channels, -1)
    result = np.empty((height, width, kernel.shape[2]), np.float32)
    step = max(1, int(_STRIP_BYTES / (12 * channels * width)))
    for top in range(0, height, step):
        rows = min(step, height - top)
        strip = padded[top : top + rows + 2]
        beside = np.concatenate(
            [strip[:, dx : dx + width] for dx in range(3)], axis=2
        )
        part = result[top : top + rows].reshape(rows * width, -1)
        for dy in range(3):
            lines = beside[dy : dy + rows].reshape(rows * width, -1)
            if dy:
                part += lines @ kernel[dy]
            else:
                np.matmul(lines, kernel[dy], out=part)
    return result


@functools.cache
def pocket_arrays() -> dict[str, np.ndarray]:
    """Returns the weights of the pocket network, float32, by name."""
    with np.load(POCKET_PATH) as arrays:
        return {name: np.asarray(arrays[name], np.float32) for name in arrays}
