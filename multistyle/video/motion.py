"""Motion from one frame of a film to the next, and what it uncovers."""

import functools
from typing import NamedTuple

import numpy as np

from multistyle.video.packages import import_cv2

# By how much the way there and back may miss, in squared pixels, and how much
# more for each squared pixel of motion; see the reference.
SLACK = 0.5
SLACK_OF_MOTION = 0.01
# The same where the way back is sought coarsely: it misses by more.
COARSE_SLACK = 4.0
COARSE_SLACK_OF_MOTION = 0.1
# The confidence in a pixel falls with the difference of its neighbourhood from
# the place that it came from, along a bell of this deviation, in levels of 255.
# A sensor's noise of 2 is no difference.
LOOKS_DEVIATION = 16
LOOKS_SIZE = 5
# A flat place has differences of less than this in a square of so many pixels,
# and noise has less; both in levels of 255.
FLAT_DIFFERENCE = 4
FLAT_SIZE = 15
NOISE_DIFFERENCE = 3
# A frame is a cut if a smaller share of it than this comes from the frame
# before.
SHARE_OF_A_CUT = 0.4
# How much a flow is to be smooth, beside 10 for gradients that are to agree;
# OpenCV has 20. Where the true motion is known, places are followed with less
# error, and what is moved is deformed a third less (docs/notebook.md).
_SMOOTHNESS = 100
# Pixels a side of the places whose deformation is measured.
_DEFORMED_SIZE = 5
# Pixels of the long side at which the motion of larger frames is sought: a
# ninth of the time at 1,920, and strokes there are as much broader.
_LONG_SIDE = 640
# OpenCV's DIS crashes on smaller pictures, for example of 12 x 40.
_MIN_SIZE = 32
# As a product; NumPy's own mean of three neighbours takes ten times as long.
_MEAN = np.full((1, 3), 1 / 3, np.float32)


class Motion(NamedTuple):
    """Where each pixel of a frame was in the frame before.

    Attributes:
        flow: float32 [H, W, 2], pixels to the right and down, from a pixel to
            where it was.
        is_visible: bool [H, W], False where a pixel was hidden or outside the
            frame before.
        confidence: float32 [H, W] in [0, 1]: 0 where a pixel was not visible,
            unless the place is flat, and low where it looked another.
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
    Where there is nothing but noise no motion is found: a flat place that
    looks as it did stands still.

    Args:
        is_quick: bool, whether the way back is sought in a fifth of the time,
            and may miss by more: enough to hold what is painted, not to tell a
            cut from fast motion.

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

    def __init__(self, *, is_quick: bool = False):
        cv2 = self._cv2 = import_cv2()
        fine = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        fine.setVariationalRefinementAlpha(_SMOOTHNESS)
        self._there = self._back = fine
        self._slack = SLACK, SLACK_OF_MOTION
        if is_quick:
            self._back = cv2.DISOpticalFlow_create(
                cv2.DISOPTICAL_FLOW_PRESET_FAST
            )
            self._slack = COARSE_SLACK, COARSE_SLACK_OF_MOTION

    def estimate(self, before: np.ndarray, after: np.ndarray) -> Motion:
        """Estimates the motion between two frames.

        Args:
            before, after: uint8 [H, W, 3], RGB, of one size.

        Returns:
            A `Motion`, of the pixels of `after`.
        """
        height, width = after.shape[:2]
        first, second = (self._gray(frame) for frame in (before, after))
        flow = self._there.calc(second, first, None)[:height, :width]
        forward = self._back.calc(first, second, None)[:height, :width]
        missed = squared_length(flow + warp(forward, flow))
        slack, slack_of_motion = self._slack
        allowed = slack + slack_of_motion * (
            squared_length(flow) + squared_length(forward)
        )
        is_visible = (missed < allowed) & is_inside(flow)
        difference = self._compare(warp(before, flow), after)
        standing = self._compare(before, after)
        stands = ~is_visible & (standing < NOISE_DIFFERENCE)
        if stands.any():
            stands &= self._is_flat(second[:height, :width])
            flow[stands] = 0
            difference[stands] = standing[stands]
        likeness = np.exp(-np.square(difference / LOOKS_DEVIATION))
        confidence = likeness * (is_visible | stands)
        is_cut = bool(confidence.mean() < SHARE_OF_A_CUT)
        return Motion(flow, is_visible, confidence, is_cut)

    def _compare(self, first, second):
        """Returns float32 [H, W], by how many levels neighbourhoods differ."""
        difference = self._cv2.absdiff(first, second)
        return self._smooth(self._cv2.transform(difference, _MEAN))

    def _is_flat(self, gray):
        levels = self._smooth(gray)
        square = np.ones((FLAT_SIZE, FLAT_SIZE), np.uint8)
        highest = self._cv2.dilate(levels, square)
        lowest = self._cv2.erode(levels, square)
        return highest - lowest < FLAT_DIFFERENCE

    def _smooth(self, levels):
        """Returns float32 [H, W], of uint8, the means of neighbourhoods."""
        size = (LOOKS_SIZE, LOOKS_SIZE)
        return self._cv2.boxFilter(levels, self._cv2.CV_32F, size)

    def _gray(self, frame):
        gray = self._cv2.cvtColor(frame, self._cv2.COLOR_RGB2GRAY)
        missing = [max(0, _MIN_SIZE - size) for size in gray.shape]
        if any(missing):
            gray = np.pad(gray, [(0, count) for count in missing], "edge")
        return gray


def motion_size(size: tuple[int, int]) -> tuple[int, int]:
    """Returns (height, width) at which motion is sought, of a frame's."""
    factor = min(1, _LONG_SIDE / max(size))
    height, width = (max(1, round(side * factor)) for side in size)
    return height, width


def reduce(picture: np.ndarray) -> np.ndarray:
    """Reduces a picture [H, W, C] to its `motion_size`."""
    size = motion_size(picture.shape[:2])
    if size == picture.shape[:2]:
        return picture
    cv2 = import_cv2()
    return cv2.resize(picture, size[::-1], interpolation=cv2.INTER_AREA)


def fit(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Returns a plane [h, w] or [h, w, C] of another size, smoothly."""
    if plane.shape[:2] == size:
        return plane
    return import_cv2().resize(plane, size[::-1])


def fit_flow(flow: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Returns the flow [H, W, 2] of the same picture of another size."""
    if flow.shape[:2] == size:
        return flow
    factors = np.divide(size, flow.shape[:2])[::-1]
    # Before it is enlarged: a product with two numbers in turn takes long.
    return fit(flow * factors.astype(np.float32), size)


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
    return fetch(picture, places_of(flow), is_smooth=is_smooth)


def places_of(flow: np.ndarray) -> np.ndarray:
    """Returns float32 [H, W, 2], the column and row to which a flow leads."""
    return _grid(*flow.shape[:2]) + flow


def fetch(
    picture: np.ndarray, places: np.ndarray, *, is_smooth: bool = False
) -> np.ndarray:
    """Fetches pixels from the `places_of` a flow, as `warp` does."""
    cv2 = import_cv2()
    return cv2.remap(
        picture,
        places,
        None,
        cv2.INTER_CUBIC if is_smooth else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def is_inside(flow: np.ndarray) -> np.ndarray:
    """Returns bool [H, W], whether a pixel comes from inside the frame."""
    height, width = flow.shape[:2]
    columns, rows = import_cv2().split(places_of(flow))
    is_in_row = (columns >= 0) & (columns <= width - 1)
    return is_in_row & (rows >= 0) & (rows <= height - 1)


def squared_length(flow: np.ndarray) -> np.ndarray:
    """Returns float32 [H, W], the squared length of vectors [H, W, 2]."""
    # Faster by far than a sum over two neighbours at a time.
    right, down = import_cv2().split(flow)
    return right * right + down * down


def deformation(flow: np.ndarray) -> np.ndarray:
    """Returns float32 [H, W], by how much a flow changes in a pixel.

    It is 0 where all moves alike, 0.3 where a picture is turned by 12 degrees
    or grows by a fifth, and more where it is torn: the norm of the flow's
    Jacobian, [H, W, 2, 2].
    """
    cv2 = import_cv2()
    across, down = (
        squared_length(cv2.Sobel(flow, cv2.CV_32F, *axes, scale=1 / 8))
        for axes in ((1, 0), (0, 1))
    )
    size = (_DEFORMED_SIZE, _DEFORMED_SIZE)
    return cv2.blur(cv2.sqrt(across + down), size)


@functools.lru_cache(maxsize=6)
def _grid(height, width):
    """Returns float32 [height, width, 2], each pixel's column and row."""
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    return np.stack([columns, rows], axis=2).astype(np.float32)
