"""Films of every kind, opened by their names."""

import os
import re
from collections.abc import Callable
from fractions import Fraction

from multistyle.errors import InputError
from multistyle.video.decoding.frame_files import FrameFilesReader
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.material.film_source import FilmSource
from multistyle.video.material.numbered import is_numbered

_RATE = re.compile(r"\d{1,9}/0*[1-9]\d{0,8}|\d{1,9}(?:\.\d{1,9})?")
# Television's slower rates, which people write in decimals.
_NTSC = Fraction(1000, 1001)


def open_film(
    path: str | os.PathLike[str],
    *,
    fps: str | float | Fraction | None = None,
    max_size: int | None = None,
    note: Callable[[str], None],
) -> FilmSource:
    """Opens a film.

    Args:
        path: of any film that FFmpeg reads; of numbered frames, as
            "in_%04d.png"; or "-", the standard input.
        fps: of numbered frames, how many are shown a second; see `parse_fps`.
        max_size: pixels: frames with a longer side are reduced. None leaves
            them as they are.
        note: told in lines of text what a user should know of the film.

    Raises:
        InputError: if it cannot be read.
    """
    rate = None if fps is None else parse_fps(fps)
    if is_numbered(path) and not os.path.isfile(path):
        return FrameFilesReader(path, rate=rate, max_size=max_size, note=note)
    if rate is not None:
        raise InputError(
            f"`{path}` has a rate of its own: --fps is for numbered frames."
        )
    return FilmReader(path, max_size=max_size, note=note)


def parse_fps(fps: str | float | Fraction) -> Fraction:
    """Returns frames a second.

    Args:
        fps: a number, or text as "24", "24000/1001" or "23.976", which is the
            same as the second.

    Raises:
        InputError: if it is none from 1 to 1000.
    """
    text = str(fps).strip()
    if not _RATE.fullmatch(text):
        raise InputError(
            f"`{fps}` is no --fps: use a number, as 24, 23.976 or 24000/1001."
        )
    rate = Fraction(text)
    slower = round(rate / _NTSC) * _NTSC
    if rate.denominator > 1 and abs(rate - slower) < Fraction(1, 100):
        rate = slower
    if not 1 <= rate <= 1000:
        raise InputError(f"`{fps}` is no --fps: use a number from 1 to 1000.")
    return rate
