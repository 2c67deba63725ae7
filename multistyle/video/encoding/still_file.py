"""One frame of a film that is written as a picture."""

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.formats import FORMATS_BY_SUFFIX
from multistyle.images.codecs.writing import encode_image
from multistyle.video.encoding.single_file import SingleFile
from multistyle.video.material.film_source import FilmSource

# What moves is a film.
STILL_SUFFIXES = tuple(s for s in FORMATS_BY_SUFFIX if s != ".gif")
_DEEP_SUFFIXES = (".png", ".tif", ".tiff")
_OPAQUE_SUFFIXES = (".jpg", ".jpeg")


class StillFile(SingleFile):
    """A picture to write; see `FilmFile` for what each function does.

    Args:
        path: of the picture, of one of `STILL_SUFFIXES`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.is_deep = False
        self.suffix = path.suffix.lower()[1:]

    def fit(self, source: FilmSource) -> None:
        """Chooses 8 or 16 bits by what is written.

        Raises:
            InputError: see `check_source`.
        """
        self.check_source(source)
        self.is_deep = source.is_deep and f".{self.suffix}" in _DEEP_SUFFIXES

    def losses(self, source: FilmSource) -> Iterator[str]:
        """Yields lines on what the picture does not hold."""
        if source.has_alpha and f".{self.suffix}" in _OPAQUE_SUFFIXES:
            yield (
                f"`{self.path}`: a JPEG holds no transparency: it becomes "
                "white. A .png keeps it."
            )

    @contextlib.contextmanager
    def encoder(
        self, path: Path, source: FilmSource, *, start: int = 0
    ) -> Iterator["StillFile"]:
        """Yields what writes the picture, at first under another path."""
        self._path = path
        yield self

    def write(
        self, pixels: np.ndarray, time: int, alpha: np.ndarray | None = None
    ) -> None:
        """Writes the picture; see `FilmEncoder`."""
        if alpha is not None:
            pixels = np.dstack([pixels, alpha])
        self._path.write_bytes(encode_image(pixels, self.suffix))

    def complete(
        self,
        segments: list[Path],
        source: FilmSource,
        *,
        folder: Path,
        note: Callable[[str], None],
        begin: Fraction | None = None,
        end: Fraction | None = None,
    ) -> None:
        """Puts the picture where it belongs."""
        (segment,) = segments
        with whole_file(self.path, scratch=folder) as file:
            file.write(segment.read_bytes())


def find_still(
    path: Path, *, codec: str | None = None, crf: int | None = None
) -> StillFile | None:
    """Returns what is written as a picture, or None of another name.

    Raises:
        InputError: for options of films.
    """
    if path.suffix.lower() not in STILL_SUFFIXES:
        return None
    for name, value in (("codec", codec), ("crf", crf)):
        if value is not None:
            raise InputError(f"`{path}`: a picture takes no --{name}.")
    return StillFile(path)
