"""The look of a painting from afar: its light, and how strong strokes are."""

from typing import NamedTuple

import numpy as np

from multistyle.video.motion import fit, fit_flow, warp
from multistyle.video.packages import import_cv2

# Pixels a side of the squares in which it is measured, and by how many of them
# it is blurred.
_SQUARE = 8
_BLUR = 1.5
# Difference in [0, 1] up to which two looks are one, and how much more of it
# leads to where they are two.
_SLACK = 11 / 255
_SOFTNESS = 0.1


class Look(NamedTuple):
    """What is left of a painting if single strokes do not count.

    Two paintings of one scene have different strokes and the same look. A
    painting of a brighter scene, or of one that has vanished, has another.

    Attributes:
        light: float32 [h, w, 3], each colour's mean in squares of pixels.
        strokes: float32 [h, w, 3], its standard deviation there.

    Example:
        Where one painting may stand for the other::

            agreement = Look.of(first).agreement(Look.of(second), size)
    """

    light: np.ndarray
    strokes: np.ndarray

    @classmethod
    def of(cls, painting: np.ndarray) -> "Look":
        """Measures the look of a painting, float32 [H, W, 3] in [0, 1]."""
        light = _reduce(painting)
        variance = _reduce(np.square(painting)) - np.square(light)
        return cls(light, np.sqrt(np.maximum(variance, 0)))

    def moved(self, flow: np.ndarray) -> "Look":
        """Returns the look of the painting, moved by a flow [h, w, 2]."""
        flow = fit_flow(flow, self.light.shape[:2])
        return Look(*(warp(plane, flow) for plane in self))

    def agreement(self, other: "Look", size: tuple[int, int]) -> np.ndarray:
        """Says how well two looks agree, place by place.

        Args:
            other: the look of a painting of the same size.
            size: (height, width) of the two.

        Returns:
            float32 [height, width]: 1 where they agree, 0 where they do not.
        """
        differences = [np.abs(a - b) for a, b in zip(self, other, strict=True)]
        difference = np.maximum(*differences).max(axis=2)
        difference = fit(difference, size)
        return 1 - smooth_step((difference / _SLACK - 1) / _SOFTNESS)


def smooth_step(x: np.ndarray) -> np.ndarray:
    """Returns 0 below 0, 1 above 1, and between them a smooth way up."""
    x = x.clip(0, 1)
    return x * x * (3 - 2 * x)


def _reduce(picture):
    cv2 = import_cv2()
    size = [max(1, side // _SQUARE) for side in picture.shape[1::-1]]
    squares = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(squares, (0, 0), _BLUR)
