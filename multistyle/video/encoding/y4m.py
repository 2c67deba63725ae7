"""Y4M: uncompressed pictures, one after another, into a pipe."""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from multistyle.errors import InputError
from multistyle.images.codecs.srgb import on_white
from multistyle.video.material.color_tags import FULL, guess_matrix
from multistyle.video.material.film_source import FilmSource
from multistyle.video.packages import import_av, open_film_file

# Y4M's names of what FFmpeg calls a pixel format, and of those of 16 bits.
_NAMES = {
    "yuv420p": "420mpeg2",
    "yuv422p": "422",
    "yuv444p": "444",
    "yuv420p10le": "420p10",
    "yuv422p10le": "422p10",
    "yuv444p10le": "444p10",
}


class Y4MOutput:
    """The standard output, which takes Y4M; it cannot be gone on with.

    Pictures are stored as the source's are: their chroma, range and matrix;
    of more than 8 bits, in 10. Y4M itself cannot name a matrix: where the
    source does not, it is the one that is guessed of their height.

    Args:
        file: open for writing; None is the standard output.

    Attributes:
        path: "-".
        is_deep: bool, whether pictures with 16 bits are wanted.
        suffix: str, see `FilmFile`.
    """

    path = Path("-")
    suffix = "y4m"

    def __init__(self, file: BinaryIO | None = None):
        self._file = file or sys.stdout.buffer
        self._has_begun = False
        self.is_deep = False

    def fit(self, source: FilmSource) -> None:
        """Chooses how pictures are stored by what is written."""
        self.is_deep = source.is_deep
        chroma = next(
            (kind for kind in ("420", "422") if kind in source.pixel_format),
            "444",
        )
        self._pixel_format = f"yuv{chroma}p{'10le' if self.is_deep else ''}"

    def losses(self, source: FilmSource) -> Iterator[str]:
        """Yields lines on what Y4M does not hold."""
        if source.has_alpha:
            yield "Y4M holds no transparency: it becomes white."

    @contextlib.contextmanager
    def reserve(self, *, overwrite: bool = False) -> Iterator[Path]:
        """Makes a folder that is gone after the block."""
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)

    @contextlib.contextmanager
    def encoder(
        self, path: Path, source: FilmSource, *, start: int = 0
    ) -> Iterator["Y4MOutput"]:
        """Yields what writes the next pictures."""
        self._source = source
        yield self

    def write(
        self, pixels: np.ndarray, time: int, alpha: np.ndarray | None = None
    ) -> None:
        """Adds a picture; see `FilmEncoder`. Its time is its number's."""
        if alpha is not None:
            pixels = on_white(np.dstack([pixels, alpha]))
        tags = self._source.color_tags
        matrix = tags.matrix if tags.is_named else guess_matrix(len(pixels))
        kind = "rgb48le" if pixels.dtype == np.uint16 else "rgb24"
        frame = (
            import_av()
            .VideoFrame.from_ndarray(np.ascontiguousarray(pixels), kind)
            .reformat(
                format=self._pixel_format,
                dst_colorspace=matrix,
                dst_color_range=tags.range,
            )
        )
        header = b"" if self._has_begun else self._header(frame)
        self._has_begun = True
        try:
            self._file.write(header + b"FRAME\n")
            for plane in frame.planes:
                self._file.write(_visible(plane, frame))
            self._file.flush()
        except OSError as error:
            raise InputError(
                f"`-` cannot be written: {error.strerror}. What reads the pipe "
                "has ended before the film."
            ) from None

    def _header(self, frame):
        rate = self._source.rate
        ratio = self._source.sample_aspect_ratio
        is_full = self._source.color_tags.range == FULL
        return (
            f"YUV4MPEG2 W{frame.width} H{frame.height} "
            f"F{rate.numerator}:{rate.denominator} Ip "
            f"A{ratio.numerator}:{ratio.denominator} "
            f"C{_NAMES[self._pixel_format]} "
            f"XCOLORRANGE={'FULL' if is_full else 'LIMITED'}\n"
        ).encode("ascii")

    def drop(self, path: Path) -> None:
        """What is written stays written."""

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
        """Says that sound has no place here."""
        if source.film is not None:
            with open_film_file(source.film) as film:
                if film.streams.audio:
                    note("Y4M has no sound: that of the film is left out.")


def _visible(plane: Any, frame: Any) -> bytes:
    """Returns the bytes of a plane without those that only fill its lines."""
    depth = frame.format.components[0].bits > 8
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width << depth].tobytes()
