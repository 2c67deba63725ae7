"""What is known of a film before it is painted: its time, and a sheet."""

import contextlib
import time
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from multistyle.durations import show_duration
from multistyle.errors import InputError
from multistyle.images.resizing import resize
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.images.values import to_uint8
from multistyle.video.film_painter import FilmPainter
from multistyle.video.material.film_source import FilmSource
from multistyle.video.parts.clocks import can_look
from multistyle.video.parts.spans import Span
from multistyle.video.stages import run_stages

# Seconds that are measured, after the frames for which engines get ready.
_MEASURED_SECONDS = 1.0
_WARM_FRAMES = 2
# Frames; a film of more is painted for more than some seconds.
_LONG = 96
SHEET_FRAMES = 8
_SHEET_COLUMNS = 4
_CELL_SIZE = 480


class Estimate(NamedTuple):
    """How long a film takes to be painted.

    Attributes:
        rate: frames a second.
        num_frames: about how many are to be painted, or None.
    """

    rate: float
    num_frames: int | None

    @property
    def seconds(self) -> float | None:
        """How long it takes, or None where nobody knows how long it is."""
        return None if self.num_frames is None else self.num_frames / self.rate

    def __str__(self) -> str:
        rate = f"{self.rate:.3g} frames a second"
        seconds = self.seconds
        if seconds is None:
            return f"It is painted at {rate}, measured."
        return (
            f"Painting {self.num_frames} frame{'s' * (self.num_frames != 1)} "
            f"takes about {show_duration(max(1, seconds))}: {rate}, "
            "measured."
        )


def check_look(film: FilmSource) -> None:
    """Raises InputError if a film cannot be looked through before."""
    if not can_look(film):
        raise InputError(
            "What comes through a pipe is read once: give a file for a dry run "
            "or a sheet."
        )


def is_long(film: FilmSource, span: Span) -> bool:
    """Whether it is worth a second to know how long a part takes."""
    return can_look(film) and (span.num_frames(film) or 0) > _LONG


def estimate_time(
    film: FilmSource, span: Span, painter: FilmPainter
) -> Estimate:
    """Paints the first frames of a part for a second, and counts them.

    Args:
        film: a `FilmSource` that can be read again.
        span: the `Span` of it that is to be painted.
        painter: it has painted nothing yet; it is used up.

    Raises:
        InputError: if the film has no frame in the part.
    """
    start = begin = now = time.monotonic()
    number = 0
    with contextlib.closing(
        run_stages(span.frames(film), painter.stages)
    ) as painted:
        for number, _ in enumerate(painted, 1):
            now = time.monotonic()
            if number <= _WARM_FRAMES:
                begin = now
            elif now - begin >= _MEASURED_SECONDS:
                break
    if not number:  # The length is an estimate.
        raise span.missing(film)
    if number > _WARM_FRAMES:
        number, start = number - _WARM_FRAMES, begin
    rate = number / max(now - start, 1e-3)
    return Estimate(rate, span.num_frames(film))


def paint_sheet(
    film: FilmSource, span: Span, painter: FilmPainter
) -> np.ndarray:
    """Paints frames at even distances over a part, each by itself.

    Args:
        film: a `FilmSource` of a known length, that can be read again.
        span: the `Span` that is shown.
        painter: it has painted nothing yet.

    Returns:
        uint8 [H, W, 3], a sheet of `SHEET_FRAMES` frames and their times.

    Raises:
        InputError: if the film's length is not known, or it has no frame in
            the part.
    """
    count = span.num_frames(film)
    if count is None:
        raise InputError(
            f"`{film.path}` does not say how long it is: a sheet needs --to."
        )
    shown = min(SHEET_FRAMES, count)
    pictures, titles = [], []
    for number in range(shown):
        # The frame that is shown in the middle of its share of the part.
        place = (number + 0.5) / shown * count
        middle = float(span.begin + Fraction(place - 1) / film.rate)
        frames = film.frames(begin=max(0.0, middle + span.slack))
        frame = next(iter(frames), None)
        if frame is None:  # The length is an estimate.
            break
        picture = to_uint8(painter.paint_alone(frame))
        height, width = picture.shape[:2]
        factor = min(1, _CELL_SIZE / max(height, width))
        size = (round(height * factor), round(width * factor))
        pictures.append(resize(picture, size))
        titles.append(f"{frame.seconds:.2f} s, frame {frame.index}")
    if not pictures:
        raise span.missing(film)
    cards = captioned(pictures, titles)
    rows = [
        cards[start : start + _SHEET_COLUMNS]
        for start in range(0, len(cards), _SHEET_COLUMNS)
    ]
    return sheet(rows, cell_size=max(cards[0].shape))
