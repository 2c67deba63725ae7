"""What films are painted from, as those see it who write them."""

import os
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from multistyle.video.material.color_tags import ColorTags
from multistyle.video.material.numbered import NumberedName, is_numbered


class Frame(NamedTuple):
    """One frame of a film.

    Attributes:
        index: int, its number, from 0.
        time: int, when it is shown, in the film's time base; 0 is the first
            frame's.
        seconds: float, the same in seconds.
        pixels: [H, W, 3], RGB, uint8, or uint16 where all bits are read.
        alpha: [H, W], of the same kind, how opaque it is, or None in an opaque
            film.
    """

    index: int  # type: ignore[assignment]
    time: int
    seconds: float
    pixels: np.ndarray
    alpha: np.ndarray | None = None


class PictureSource(Protocol):
    """What a `FilmEncoder` asks of what its pictures are made from.

    Attributes:
        size: (height, width) of the pictures.
        time_base: Fraction, seconds a unit of time.
        rate: Fraction, pictures a second in the mean.
        sample_aspect_ratio: Fraction, width of a pixel beside its height.
        color_tags: `ColorTags`, what they are written under.
    """

    size: tuple[int, int]
    time_base: Fraction
    rate: Fraction
    sample_aspect_ratio: Fraction
    color_tags: ColorTags


class FilmSource(PictureSource, Protocol):
    """A film that is read: a file, numbered frames or a pipe.

    Attributes:
        path: as the user named it.
        num_frames: int, an estimate, or None.
        has_alpha: bool, whether a frame has transparent pixels.
        is_deep: bool, whether they have more than 8 bits.
        pixel_format: str, FFmpeg's name of how the film stores them.
        film: Path of the file whose sound, subtitles and chapters belong to
            the pictures, or None.
        start: Fraction, seconds: that file's own time of the first frame.
        timecode: str, of the first frame, or None.
        first_number: int, of the first frame, where frames are numbered.
        identity: dict for JSON, by which it is known to be the same film.
        treatment: dict for JSON, what is done to the frames besides reading
            them; empty for most films.
    """

    path: Path
    num_frames: int | None
    has_alpha: bool
    is_deep: bool
    pixel_format: str
    film: Path | None
    start: Fraction
    timecode: str | None
    first_number: int
    identity: dict[str, Any]
    treatment: dict[str, Any]

    def frames(
        self, start: int = 0, *, begin: float = 0, is_deep: bool = False
    ) -> Iterator[Frame]:
        """Reads the frames, in order.

        Args:
            start: number of the first frame to return.
            begin: seconds: none is returned that is shown before.
            is_deep: whether pixels are uint16, with all bits of the film.

        Yields:
            `Frame`s.
        """
        ...


def is_read_from(source: FilmSource, paths: Iterable[Path]) -> bool:
    """Whether one of some files that are there is one that a film is read from.

    So it is under another name, too.
    """
    files = []
    if source.film is not None:
        files = [source.film]
    elif is_numbered(source.path):
        files = NumberedName(source.path).paths()
    ours, theirs = (
        {(each.st_dev, each.st_ino) for each in map(os.stat, some)}
        for some in (paths, files)
    )
    return not ours.isdisjoint(theirs)
