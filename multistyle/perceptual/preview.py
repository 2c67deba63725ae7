"""A loss network that needs no weights from anywhere."""

import math

import keras
import numpy as np
from keras import ops

from multistyle.perceptual.features import LossNetwork

NUM_ORIENTATIONS = 8
NUM_PREVIEW_SCALES = 4


def make_preview(dtype=None):
    """Builds a loss network that needs no weights from anywhere.

    A fixed bank on four scales, each half the one before: three opponent
    colours, and of each the rectified even and odd Gabor responses in eight
    orientations, so that Gram matrices tell stroke direction, width and
    colour. It knows no objects: its pictures are previews.

    Args:
        dtype: a Keras dtype policy, or None for the global one.

    Returns:
        A `LossNetwork` with scale_1 to scale_4, content on scale_2.

    Reference:
        Portilla and Simoncelli, 2000, for textures from filter banks.
    """
    image = keras.Input((None, None, 3), name="image")
    x = _OpponentColors(dtype="float32", name="opponent_colors")(image)
    features = {}
    for scale in range(1, NUM_PREVIEW_SCALES + 1):
        bank = keras.layers.Conv2D(
            _gabor_bank().shape[-1],
            _gabor_bank().shape[0],
            padding="same",
            activation="relu",
            use_bias=False,
            data_format="channels_last",
            dtype=dtype,
            name=f"scale_{scale}",
        )
        features[f"scale_{scale}"] = bank(x)
        bank.set_weights([_gabor_bank()])
        if scale < NUM_PREVIEW_SCALES:
            x = keras.layers.AveragePooling2D(
                2, data_format="channels_last", dtype=dtype
            )(x)
    return LossNetwork("preview", features, image, "scale_2", features)


@keras.saving.register_keras_serializable("multistyle")
class _OpponentColors(keras.layers.Layer):
    """RGB in [0, 1] to light, red-green and yellow-blue, about +-128."""

    MATRIX = ((1 / 3, 1 / 2, 1 / 4), (1 / 3, -1 / 2, 1 / 4), (1 / 3, 0, -1 / 2))

    def call(self, image):
        return ops.matmul(
            image * 255.0 - 127.5,
            ops.convert_to_tensor(self.MATRIX, dtype="float32"),
        )

    def compute_output_shape(self, image_shape):
        return image_shape


def _gabor_bank(size=7, wavelength=4.0, sigma=1.8):
    """Returns kernels float32 [size, size, 3, F] of both signs."""
    axis = np.arange(size) - size // 2
    y, x = np.meshgrid(axis, axis, indexing="ij")
    window = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    planes = [window / window.sum()]
    for k in range(NUM_ORIENTATIONS):
        angle = math.pi * k / NUM_ORIENTATIONS
        along = x * math.cos(angle) + y * math.sin(angle)
        for phase in (0, math.pi / 2):
            wave = np.cos(2 * math.pi * along / wavelength + phase)
            plane = window * wave
            plane -= window * (plane.sum() / window.sum())
            planes.append(plane / np.abs(plane).sum())
    kernels = []
    for channel in range(3):
        for plane in planes:
            for sign in (1, -1):
                kernel = np.zeros((size, size, 3))
                kernel[:, :, channel] = sign * plane
                kernels.append(kernel)
    return np.stack(kernels, axis=-1).astype(np.float32)
