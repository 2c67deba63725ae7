"""Bringing a small painting up to the size of its photograph."""

import math

import numpy as np
from PIL import Image

from multistyle.images.tiles import Window
from multistyle.images.values import to_float

# In pixels of the small picture. Painting and photograph are compared in
# squares that reach so far from their middle; a window sees so much around it.
_RADIUS = 2
_MARGIN = 8
# Variance of light below which there is no edge to follow.
_NOISE = 1e-3


class GuidedUpsampling:
    """Enlarges a painting; the photograph's edges stay sharp.

    q = up(p) + up(a) * (I - up(i)),

    where p is the small painting, I the photograph's lightness, i the same of
    the reduced photograph, and `up` enlarges by Lanczos' filter. Around each
    pixel, a = cov(i, p) / (var(i) + noise) says how much the painting follows
    the photograph. What the photograph lost when it was reduced, I - up(i),
    its sharp edges, comes back by that much. The guided filter (He et al.,
    2013) has the same a, but takes means of p in place of p, which washes
    strokes out.

    Args:
        photograph: [H, W, 3], uint8, or float in [0, 1].
        reduced: [h, w, 3], the same, reduced.
        painting: float array [h, w, 3] in [0, 1].

    Reference:
        He et al., 2013, "Guided Image Filtering".
    """

    def __init__(
        self,
        photograph: np.ndarray,
        reduced: np.ndarray,
        painting: np.ndarray,
    ) -> None:
        self._photograph = photograph
        self._reduced = reduced
        self._painting = painting

    def of(self, window: Window) -> np.ndarray:
        """Returns a window of the large painting, float32 [h, w, 3]."""
        scales = [
            small / large
            for small, large in zip(
                self._reduced.shape, self._photograph.shape, strict=True
            )
        ][:2]
        seen = Window(
            math.floor(window.top * scales[0]),
            math.ceil(window.bottom * scales[0]),
            math.floor(window.left * scales[1]),
            math.ceil(window.right * scales[1]),
        ).grown(_MARGIN, self._reduced.shape[:2])
        # The window's edges in pixels of what is seen, with fractions.
        box = (
            window.left * scales[1] - seen.left,
            window.top * scales[0] - seen.top,
            window.right * scales[1] - seen.left,
            window.bottom * scales[0] - seen.top,
        )

        def up(plane):
            image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
            return np.asarray(
                image.resize(
                    window.size[::-1], Image.Resampling.LANCZOS, box=box
                )
            )

        light = _light(seen.of(self._reduced))
        detail = _light(window.of(self._photograph)) - up(light)
        painting = seen.of(self._painting).astype(np.float32)
        gains = _gains(light, painting)
        planes = [
            up(painting[..., i]) + up(gains[..., i]) * detail for i in range(3)
        ]
        return np.stack(planes, axis=2).clip(0, 1)


def _light(image):
    return to_float(image).mean(axis=2)


def _gains(light, painting):
    """Returns how much [h, w, 3] follows [h, w], float32 [h, w, 3]."""
    mean, painted = _blur(light), _blur(painting)
    variance = np.maximum(_blur(light**2) - mean**2, 0)
    covariance = _blur(light[..., None] * painting) - mean[..., None] * painted
    return covariance / (variance + _NOISE)[..., None]


def _blur(image):
    """Takes the mean of the square around each pixel of [h, w, ...]."""
    side = 2 * _RADIUS + 1
    pad = [(_RADIUS, _RADIUS)] * 2 + [(0, 0)] * (image.ndim - 2)
    image = np.pad(image, pad, mode="edge")
    for axis in (0, 1):
        length = image.shape[axis] - side + 1
        image = sum(
            np.take(image, range(shift, shift + length), axis)
            for shift in range(side)
        )
    return image / side**2
