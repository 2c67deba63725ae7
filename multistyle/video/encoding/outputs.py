"""What a film can be written as."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.streams import STREAM
from multistyle.video.encoding.film_file import FilmFile
from multistyle.video.encoding.frame_files import FrameFilesOutput
from multistyle.video.encoding.still_file import find_still
from multistyle.video.encoding.y4m import Y4MOutput
from multistyle.video.material.film_source import FilmSource
from multistyle.video.material.numbered import is_numbered


class PictureWriter(Protocol):
    """What takes pictures one after another, as `FilmEncoder` does."""

    def write(
        self, pixels: np.ndarray, time: int, alpha: np.ndarray | None = None
    ) -> None: ...


class FilmOutput(Protocol):
    """A film to be written; see `FilmFile` for what each does."""

    path: Path

    @property
    def is_deep(self) -> bool: ...

    @property
    def suffix(self) -> str: ...

    def fit(self, source: FilmSource) -> None: ...

    def losses(self, source: FilmSource) -> Iterator[str]: ...

    def reserve(
        self, *, overwrite: bool = False
    ) -> AbstractContextManager[Path]: ...

    def encoder(
        self, path: Path, source: FilmSource, *, start: int = 0
    ) -> AbstractContextManager[PictureWriter]: ...

    def drop(self, path: Path) -> None: ...

    def complete(
        self,
        segments: list[Path],
        source: FilmSource,
        *,
        folder: Path,
        note: Callable[[str], None],
        begin: Fraction | None = None,
        end: Fraction | None = None,
    ) -> None: ...


def find_output(
    path: str | os.PathLike[str],
    *,
    codec: str | None = None,
    crf: int | None = None,
) -> FilmOutput:
    """Returns what a film is written as, by its name.

    Args:
        path: of a film; of numbered frames, as "out_%04d.png"; of a picture,
            which is one frame; or "-", Y4M to the standard output.
        codec: a name of `CODECS`, or None; of a film's file.
        crf: the quality, see `FilmEncoder`; likewise.

    Raises:
        InputError: if nothing is written as that, or not so.
    """
    path = expand_home(path)
    is_pipe = os.fspath(path) == STREAM
    if not is_pipe and not is_numbered(path):
        still = find_still(path, codec=codec, crf=crf)
        return still or FilmFile(path, codec=codec, crf=crf)
    for name, value in (("codec", codec), ("crf", crf)):
        if value is not None:
            noun = "Y4M" if is_pipe else "a numbered frame"
            raise InputError(f"`{path}`: {noun} takes no --{name}.")
    return Y4MOutput() if is_pipe else FrameFilesOutput(path)
