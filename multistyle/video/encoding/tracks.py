"""Tracks of a film besides its pictures, for another film's container."""

import io
import os
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from multistyle.video.encoding.formats import Container
from multistyle.video.packages import import_av, open_film_file

# What a player shows of a track; its other tags are of its own container.
_TAGS = ("language", "title")


def holds_track(track: Any, container: Container) -> bool:
    """Whether a container takes a track, PyAV's stream, as it is."""
    av = import_av()
    if track.codec_context is None:  # FFmpeg does not know its kind.
        return False
    try:
        with av.open(io.BytesIO(), "w", format=container.name) as trial:
            trial.add_stream_from_template(track)
            trial.start_encoding()
    except (av.error.FFmpegError, ValueError):
        return False
    return True


def copy_tags(track: Any, stream: Any) -> None:
    """Hands the name and language of a track on."""
    for tag in _TAGS:
        if tag in track.metadata:
            stream.metadata[tag] = track.metadata[tag]


class FilmTracks:
    """What is taken of a film: opened once for each track, and closed again.

    It is used in a `with` block, in which the film is open.

    Args:
        path: of the film, or None: there is none.
        start: Fraction, seconds: the film's own time of the first picture,
            which becomes 0. What comes before it is left out.
        end: likewise, from when on nothing is taken; None is never.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        *,
        start: Fraction,
        end: Fraction | None = None,
    ) -> None:
        self._path = path and os.fspath(path)
        self._start = start
        self._end = end
        self._films: list = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for film in self._films:
            film.close()

    def _open(self):
        """Returns the film, PyAV's, opened once more."""
        film = open_film_file(self._path)
        self._films.append(film)
        return film


class Subtitles(FilmTracks):
    """All subtitles of a film: copied where a container holds them.

    Args:
        path, start, end: see `FilmTracks`.
    """

    def add_to(self, file: Any, container: Container) -> list[Iterator]:
        """Adds each track that a container holds.

        Args:
            file: PyAV's, open for writing.
            container: its `Container`.

        Returns:
            A list of iterators of packets, one a track, in order of time.
        """
        if self._path is None:
            return []
        tracks = []
        for number in range(_count_subtitles(self._path)):
            film = self._open()
            track = film.streams.subtitles[number]
            if holds_track(track, container):
                stream = file.add_stream_from_template(track)
                copy_tags(track, stream)
                tracks.append(self._copy(film, track, stream))
        return tracks

    def _copy(self, film, track, stream):
        shift = round(self._start / track.time_base)
        for packet in film.demux(track):
            if not packet.size or packet.pts is None:
                continue
            begin = packet.pts
            end = begin + (packet.duration or 0)
            if self._end is not None:
                last = int(self._end / track.time_base)
                if begin >= last:
                    return
                end = min(end, last)
            if end <= shift and begin < shift:
                continue
            packet.pts = packet.dts = max(begin, shift) - shift
            packet.duration = end - max(begin, shift)
            packet.stream = stream
            yield packet


def refused_subtitles(
    path: str | os.PathLike[str], container: Container
) -> list[str]:
    """Returns FFmpeg's names of a film's subtitles that are not copied."""
    with open_film_file(path) as film:
        refused = [
            getattr(track.codec_context, "name", "unknown")
            for track in film.streams.subtitles
            if not container.codecs or not holds_track(track, container)
        ]
    return list(dict.fromkeys(refused))


def _count_subtitles(path):
    with open_film_file(path) as film:
        return len(film.streams.subtitles)


def read_chapters(
    path: str | os.PathLike[str],
    *,
    start: Fraction,
    end: Fraction | None = None,
) -> list[dict[str, Any]]:
    """Reads the chapters of a film, in times from its first picture on.

    Args:
        path: of the film.
        start, end: as those of `Subtitles`.

    Returns:
        What PyAV's `set_chapters` takes.
    """
    with open_film_file(path) as film:
        chapters = film.chapters()
    cut = []
    for chapter in chapters:
        base = chapter["time_base"]
        shift = round(start / base)
        last = chapter["end"]
        if end is not None:
            last = min(last, int(end / base))
        first = max(chapter["start"], shift)
        if first < last:
            cut.append({**chapter, "start": first - shift, "end": last - shift})
    return cut
