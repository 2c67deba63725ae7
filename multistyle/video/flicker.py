"""The flicker figure: how much more a film flickers when it is painted."""

import os
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.motion import MotionEstimator, warp


class Flicker(NamedTuple):
    """Mean absolute differences of neighbouring frames, moved to match.

    Attributes:
        stylized: float in [0, 1], of the stylized film.
        film: float in [0, 1], of the film that it was made of, which has
            noise, and where motion is not found exactly.
        num_pairs: int, neighbours that were compared; cuts are left out.
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
        film, stylized: paths of the two.

    Raises:
        InputError: if one of them cannot be read, or was not painted from the
            other: their shapes or lengths differ.
    """
    after = FilmReader(stylized)
    before = FilmReader(film, max_size=max(after.size))
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

    The motion is that of the film. A frame is moved by it onto the next, and
    the mean absolute difference is taken where the motion is known: not at
    what was hidden or outside, by the check there and back, nor at cuts. What
    the same measure finds in the film itself is taken away.

    Args:
        film, stylized: as many uint8 [H, W, 3], of one size.

    Raises:
        InputError: for films of different lengths, and without two frames
            that belong together.

    Reference:
        Lai et al., 2018, "Learning Blind Video Temporal Consistency", the
        warping error; there squared, and not beside the film's own.
    """
    estimator = MotionEstimator()
    sums = []
    before = None
    films, pastiches = iter(film), iter(stylized)
    while True:
        pair = next(films, None), next(pastiches, None)
        if (pair[0] is None) != (pair[1] is None):
            raise InputError(
                "The film and the stylized film differ in their numbers of "
                "frames: only a film painted whole can be measured."
            )
        if pair[0] is None:
            break
        if before is not None:
            motion = estimator.estimate(before[0], pair[0])
            if motion.is_visible.any() and not motion.is_cut:
                sums.append(
                    [
                        _difference(first, second, motion)
                        for first, second in zip(before, pair, strict=True)
                    ]
                )
        before = pair
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
