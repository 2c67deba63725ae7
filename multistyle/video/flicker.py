"""The flicker figure: how much flicker the painting adds to a film."""

import itertools
import os
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.material.notes import say_nothing
from multistyle.video.motion import MotionEstimator, warp


class Flicker(NamedTuple):
    """Mean absolute differences of neighbouring frames, moved to match.

    Attributes:
        stylized: float in [0, 1], that of the stylized film.
        film: float in [0, 1], that of the film itself: it has noise, and its
            motion is not found exactly.
        num_pairs: int, how many pairs of neighbours were compared; cuts are
            left out.
    """

    stylized: float
    film: float
    num_pairs: int

    @property
    def figure(self) -> float:
        """What the painting adds; below 0 it is calmer than the film."""
        return self.stylized - self.film


def measure_film(
    film: str | os.PathLike, stylized: str | os.PathLike
) -> Flicker:
    """Measures how much a film flickers that was painted from another.

    Args:
        film: path of the film, see `open_film`.
        stylized: path of what was painted from it.

    Raises:
        InputError: if one of them cannot be read, or if their shapes or
            lengths differ.

    Example:
        What the painting adds to the film's own flicker::

            print(measure_film("in.mp4", "in_stylized.mp4").figure)
    """
    after = open_film(stylized, note=say_nothing)
    before = open_film(film, max_size=max(after.size), note=say_nothing)
    height, width = before.size
    # What H.264 gained to be even is no part of the picture.
    gained = [a - b for a, b in zip(after.size, before.size, strict=True)]
    if not set(gained) <= {0, 1}:
        raise InputError(
            f"`{stylized}` was not painted from `{film}`: it has another shape."
        )
    return measure_flicker(
        (frame.pixels for frame in before.frames()),
        (frame.pixels[:height, :width] for frame in after.frames()),
    )


def measure_flicker(
    film: Iterable[np.ndarray], stylized: Iterable[np.ndarray]
) -> Flicker:
    """Measures how much a stylized film flickers.

    Each frame is moved onto the next by the film's motion, and the mean
    absolute difference is taken where that motion is known: not at cuts, nor
    where something was hidden or outside. The same is measured in the film
    itself, to be subtracted.

    Args:
        film, stylized: equally many uint8 [H, W, 3], all of one size.

    Raises:
        InputError: for films of different lengths, and if no two frames
            belong together.

    Reference:
        Lai et al., 2018, "Learning Blind Video Temporal Consistency", the
        warping error; there it is squared, and the film's own is left in it.

    Example:
        Of frames, lists of uint8 arrays::

            print(measure_flicker(frames, painted_frames).figure)
    """
    estimator = MotionEstimator()
    sums = []
    before = None
    for first, second in itertools.zip_longest(film, stylized):
        if first is None or second is None:
            raise InputError(
                "The film and the stylized film differ in their numbers of "
                "frames: only a film painted whole can be measured."
            )
        after = first, second
        if before is not None:
            motion = estimator.estimate(before[0], first)
            if motion.is_visible.any() and not motion.is_cut:
                sums.append(
                    [
                        _difference(*pair, motion)
                        for pair in zip(before, after, strict=True)
                    ]
                )
        before = after
    if not sums:
        raise InputError(
            "Flicker needs two frames that belong together; there are none."
        )
    of_film, of_stylized = np.mean(sums, axis=0)
    return Flicker(float(of_stylized), float(of_film), len(sums))


def _difference(before, after, motion):
    """Returns the mean absolute difference, in [0, 1], where it is known."""
    moved = warp(before.astype(np.float32), motion.flow, is_smooth=True)
    difference = np.abs(moved - after).mean(axis=2)
    return difference[motion.is_visible].mean() / 255
