"""A film that is written into one file, from segments."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from multistyle.blends.times import advance_timecode
from multistyle.errors import InputError
from multistyle.files.whole_files import whole_file
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.encoding.joining import join
from multistyle.video.encoding.single_file import SingleFile
from multistyle.video.encoding.tracks import refused_subtitles
from multistyle.video.encoding.work_folder import sign
from multistyle.video.material.film_source import FilmSource


class FilmFile(SingleFile):
    """A film file to write.

    Args:
        path: of the file.
        codec: a name of `CODECS`, or None: what the suffix says.
        crf: the quality, see `FilmEncoder`.

    Attributes:
        path: the same.
        format: its `FilmFormat`; `fit` chooses depth and transparency.
        suffix: str, of the files of segments.

    Raises:
        InputError: see `find_format`.
    """

    def __init__(
        self, path: Path, *, codec: str | None = None, crf: int | None = None
    ):
        super().__init__(path)
        self._codec = codec
        self._crf = crf
        self.format = find_format(path, codec=codec, crf=crf)

    @property
    def is_deep(self) -> bool:
        """Whether pictures with 16 bits are wanted."""
        return self.format.is_deep

    @property
    def suffix(self) -> str:
        return self.format.segment_container

    def fit(self, source: FilmSource) -> None:
        """Chooses depth and transparency by what is written.

        Raises:
            InputError: see `check_source`; if the source is too small.
        """
        self.format = find_format(
            self.path,
            codec=self._codec,
            crf=self._crf,
            has_alpha=source.has_alpha,
            is_deep=source.is_deep
            # What is toned down is for usual screens, and usual players.
            and not (self._codec is None and _is_toned(source)),
        )
        self.check_source(source)
        least = self.format.codec.least_size
        if any(a < b for a, b in zip(source.size, least, strict=True)):
            width, height = source.size[1], source.size[0]
            raise InputError(
                f"{self.format.codec.title} has frames of at least {least[1]} "
                f"x {least[0]} pixels (width x height), not {width} x "
                f"{height}: give another --codec."
            )

    def losses(self, source: FilmSource) -> Iterator[str]:
        """Yields lines on what the format does not hold."""
        codec, container = self.format.codec, self.format.container
        if codec.needs_even_size and any(side % 2 for side in source.size):
            yield (
                f"{codec.title} has even sizes only: an odd one gains a row or "
                "a column."
            )
        if source.has_alpha and not self.format.has_alpha:
            yield (
                f"`{self.path}`: {self.format.noun} holds no transparency: it "
                "becomes white. A .webm or a .mov keeps it."
            )
        if source.is_deep and container.codecs and not _is_toned(source):
            if not self.format.is_deep:
                yield (
                    f"`{self.path}`: {codec.title} is written with 8 bits: "
                    "--codec=h265, or prores in a .mov, keeps 10."
                )
            elif self._codec is None and not self.format.has_alpha:
                yield (
                    f"`{self.path}`: the film has more than 8 bits: it becomes "
                    f"{codec.title}, with 10. --codec=h264 has 8, and more "
                    "players show it."
                )
        if source.film is not None:
            refused = refused_subtitles(source.film, container)
            if refused:
                yield (
                    f"`{source.film}`: its subtitles are left out: "
                    f"{container.noun} holds none of the kind "
                    f"{', '.join(refused)}."
                )

    def encoder(
        self, path: Path, source: FilmSource, *, start: int = 0
    ) -> FilmEncoder:
        """Returns what writes a segment, to be used in a `with` block."""
        return FilmEncoder(
            path,
            self.format,
            source,
            crf=self._crf,
            container=self.format.segment_container,
        )

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
        """Joins the segments to the film.

        Args:
            segments: their paths, in order.
            source: what the pictures were made from.
            folder: of the hidden file, until it is whole.
            note: told in lines of text what is left out.
            begin, end: seconds from the source's first picture on, of the part
                that was painted; None is from its begin, to its end.
        """
        with whole_file(self.path, scratch=folder) as file:
            join(
                segments,
                self.format,
                file.name,
                film=source.film,
                start=source.start + (begin or 0),
                end=None if end is None else source.start + end,
                is_part=bool(begin),
                timecode=_timecode_from(source, begin),
                note=note,
            )
            sign(folder, file.name)


def _is_toned(source):
    return "colors" in source.treatment


def _timecode_from(source, begin):
    """Returns the timecode of a film's frame at some seconds, or None."""
    if not begin or source.timecode is None:
        return source.timecode
    number = round(begin * source.rate)
    try:
        return advance_timecode(source.timecode, source.rate, number)
    except InputError:  # It is none of that rate.
        return None
