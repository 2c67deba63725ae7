"""How a film counts time: its rate, its timecode, its frames and scenes."""

import functools

from multistyle.blends.times import Clock
from multistyle.errors import InputError
from multistyle.video.material.film_source import FilmSource
from multistyle.video.material.numbered import is_numbered
from multistyle.video.packages import open_film_file
from multistyle.video.parts.scenes import SceneTimes


def film_clock(film: FilmSource) -> Clock:
    """Returns the `Clock` of a film.

    Times of single frames are looked up where they are not equally long, and
    scenes are found where they are asked for.
    """
    frame_seconds = None
    if film.film is not None and not _is_even(film.film):
        frame_seconds = _FrameTimes(film)
    scene_seconds = SceneTimes(film) if can_look(film) else None
    return Clock(film.rate, film.timecode, frame_seconds, scene_seconds)


def can_look(film: FilmSource) -> bool:
    """Whether a film can be looked through before it is read: no pipe can."""
    return film.film is not None or is_numbered(film.path)


def _is_even(path):
    """Whether all frames of a file are shown equally long."""
    with open_film_file(path) as container:
        stream = container.streams.video[0]
        return stream.average_rate == stream.base_rate


class _FrameTimes:
    """When each frame of a film is shown; looked up when first asked for.

    Args:
        film: a `FilmSource` that is a file.
    """

    def __init__(self, film: FilmSource) -> None:
        self._film = film

    def __call__(self, number: int) -> float:
        """Returns the seconds at which a frame, from 0, is shown."""
        if number < len(self._seconds):
            return self._seconds[number]
        # Past the end, where nothing is.
        past = number + 1 - len(self._seconds)
        return self._seconds[-1] + float(past / self._film.rate)

    @functools.cached_property
    def _seconds(self):
        """The seconds of all frames; none of them is decoded."""
        path = self._film.film
        with open_film_file(path) as container:
            stream = container.streams.video[0]
            times = sorted(
                packet.pts
                for packet in container.demux(stream)
                if packet.size and packet.pts is not None
            )
            base = stream.time_base
        if not times:
            raise InputError(f"`{path}` does not say when frames are shown.")
        return [float((time - times[0]) * base) for time in times]
