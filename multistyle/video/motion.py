"""Motion from one frame of a film to the next, and what it uncovers."""

import functools
from typing import NamedTuple

import numpy as np

from multistyle.video.packages import import_cv2

# By how much the way there and back may miss, in squared pixels, and how much
# more for each squared pixel of motion; see the reference.
SLACK = 0.5
SLACK_OF_MOTION = 0.01
# The confidence in a pixel falls with the difference of its neighbourhood from
# the place that it came from, along a bell of this deviation, in levels of 255.
# A sensor's noise of 2 is no difference.
LOOKS_DEVIATION = 16
LOOKS_SIZE = 5
# A frame is a cut if a smaller share of it than this comes from the frame
# before.
SHARE_OF_A_CUT = 0.4
# OpenCV's DIS crashes on smaller pictures, for example of 12 x 40.
_MIN_SIZE = 32


class Motion(NamedTuple):
    """Where each pixel of a frame was in the frame before.

    Attributes:
        flow: float32 [H, W, 2], pixels to the right and down, from a pixel to
            where it was.
        is_visible: bool [H, W], False where a pixel was hidden or outside the
            frame before.
        confidence: float32 [H, W] in [0, 1]: 0 where a pixel was not visible,
            and low where it did not look as it does now.
        is_cut: bool, whether the frame shows little of the one before.
    """

    flow: np.ndarray
    is_visible: np.ndarray
    confidence: np.ndarray
    is_cut: bool


class MotionEstimator:
    """Estimates motion by dense inverse search, there and back.

    A pixel is trusted if the way back leads to it again and if it looks as it
    did. So what was hidden, what has changed and what was cut is not trusted.

    Raises:
        InputError: if OpenCV is missing.

    Reference:
        Kroeger et al., 2016, "Fast Optical Flow using Dense Inverse Search";
        Sundaram et al., 2010, "Dense Point Trajectories by GPU-accelerated
        Large Displacement Optical Flow", eq. 5, for there and back.

    Example:
        A frame is moved so that it looks as the next::

            motion = MotionEstimator().estimate(before, after)
            moved = warp(before, motion.flow)
    """

    def __init__(self):
        self._cv2 = import_cv2()
        self._dis = self._cv2.DISOpticalFlow_create(
            self._cv2.DISOPTICAL_FLOW_PRESET_MEDIUM
        )

    def estimate(self, before: np.ndarray, after: np.ndarray) -> Motion:
        """Estimates the motion between two frames.

        Args:
            before, after: uint8 [H, W, 3], RGB, of one size.

        Returns:
            A `Motion`, of the pixels of `after`.
        """
        cv2 = self._cv2
        height, width = after.shape[:2]
        first, second = (self._gray(frame) for frame in (before, after))
        flow, forward = (
            self._dis.calc(*pair, None)[:height, :width]
            for pair in ((second, first), (first, second))
        )
        missed = squared_length(flow + warp(forward, flow))
        allowed = SLACK + SLACK_OF_MOTION * (
            squared_length(flow) + squared_length(forward)
        )
        difference = cv2.absdiff(after, warp(before, flow)).mean(axis=2)
        difference = cv2.blur(difference, (LOOKS_SIZE, LOOKS_SIZE))
        likeness = np.exp(-np.square(difference / LOOKS_DEVIATION)).astype(
            np.float32
        )
        is_visible = (missed < allowed) & is_inside(flow)
        confidence = likeness * is_visible
        is_cut = bool(confidence.mean() < SHARE_OF_A_CUT)
        return Motion(flow, is_visible, confidence, is_cut)

    def _gray(self, frame):
        gray = self._cv2.cvtColor(frame, self._cv2.COLOR_RGB2GRAY)
        missing = [max(0, _MIN_SIZE - size) for size in gray.shape]
        if any(missing):
            gray = np.pad(gray, [(0, count) for count in missing], "edge")
        return gray


def warp(
    picture: np.ndarray, flow: np.ndarray, *, is_smooth: bool = False
) -> np.ndarray:
    """Fetches each pixel from where it was.

    Args:
        picture: [H, W] or [H, W, C], uint8 or float32.
        flow: float32 [H, W, 2], see `Motion`.
        is_smooth: bool, whether to interpolate by cubics, which keep details,
            or else by straight lines, which do not overshoot.

    Returns:
        An array like `picture`. What would come from outside comes from the
        edge.
    """
    cv2 = import_cv2()
    return cv2.remap(
        picture,
        _grid(*flow.shape[:2]) + flow,
        None,
        cv2.INTER_CUBIC if is_smooth else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def is_inside(flow: np.ndarray) -> np.ndarray:
    """Returns bool [H, W], whether a pixel comes from inside the frame."""
    height, width = flow.shape[:2]
    place = _grid(height, width) + flow
    return ((place >= 0) & (place <= (width - 1, height - 1))).all(axis=2)


def squared_length(flow: np.ndarray) -> np.ndarray:
    """Returns float32 [H, W], the squared length of vectors [H, W, 2]."""
    return np.einsum("hwc,hwc->hw", flow, flow)


@functools.lru_cache(maxsize=2)
def _grid(height, width):
    """Returns float32 [height, width, 2], each pixel's column and row."""
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    return np.stack([columns, rows], axis=2).astype(np.float32)
