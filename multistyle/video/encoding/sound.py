"""The sound of a film, for another film's container."""

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from multistyle.video.encoding.formats import Container
from multistyle.video.encoding.tracks import (
    FilmTracks,
    copy_tags,
    holds_track,
)
from multistyle.video.packages import import_av, open_film_file

# What Opus is encoded at, and AAC where it has not the sound's own rate.
_RATE = 48000
# By the number of channels, what every player knows.
_LAYOUTS = {
    "aac": ("mono", "stereo", "3.0", "4.0", "5.0", "5.1"),
    "libopus": ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"),
}
# Seconds of sound before the first picture that are dropped without a line.
_SHORT_LEAD = Fraction(1, 10)


class Sound(FilmTracks):
    """All sound of a film: copied where a container holds it.

    Args:
        path, start, end: see `FilmTracks`.
        is_part: whether the film has pictures before `start`, too, whose sound
            is left out without a line.
        note: told in lines of text what is not copied.

    Attributes:
        num_tracks: int.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        *,
        start: Fraction,
        end: Fraction | None = None,
        is_part: bool = False,
        note: Callable[[str], None],
    ) -> None:
        super().__init__(path, start=start, end=end)
        self._av = import_av()
        self._note = note
        self._has_noted = is_part
        self.num_tracks = 0
        if self._path is not None:
            with open_film_file(self._path) as film:
                self.num_tracks = len(film.streams.audio)

    def add_to(self, file: Any, container: Container) -> list[Iterator]:
        """Adds each track to a file that is being written.

        Args:
            file: PyAV's, open for writing.
            container: its `Container`.

        Returns:
            A list of iterators of packets, one a track, in order of time.
        """
        tracks = []
        for number in range(self.num_tracks):
            film = self._open()
            track = film.streams.audio[number]
            if track.codec_context is None:
                self._note(
                    f"`{self._path}`: sound of a kind that FFmpeg cannot "
                    "decode here is left out."
                )
                continue
            if self._holds(track, container):
                stream = file.add_stream_from_template(track)
                copy_tags(track, stream)
                tracks.append(self._copy(film, track, stream))
                continue
            self._note(
                f"Sound of the kind {track.codec_context.name} cannot stand "
                f"in {container.name}: it is encoded anew, by "
                f"{container.sound_codec}."
            )
            stream = self._add_encoder(file, track, container)
            copy_tags(track, stream)
            tracks.append(self._encode(film, track, stream))
        return tracks

    def _holds(self, track, container):
        """Whether a container takes a track as it is, and players know it."""
        name = track.codec_context.name
        refused = name.startswith(container.sound_refused)
        return not refused and holds_track(track, container)

    def _copy(self, film, track, stream):
        shift = round(self._start / track.time_base)
        follows = shift
        for packet in film.demux(track):
            if not packet.size:
                continue
            # Some containers leave it to the lengths.
            time = follows if packet.pts is None else packet.pts
            follows = time + (packet.duration or 0)
            if self._is_over(time * track.time_base):
                return
            packet.pts = packet.dts = time - shift
            if self._is_late_enough(packet.pts * track.time_base):
                packet.stream = stream
                yield packet

    def _is_over(self, seconds):
        """Whether the pictures end by a time of the film's own."""
        return self._end is not None and seconds >= self._end

    def _is_late_enough(self, seconds):
        """Whether sound of a time, now counted from the first picture, stays.

        A film that begins at 0 keeps the sound before it: what its encoder
        needs to begin with.
        """
        if not self._start or seconds >= 0:
            return True
        if not self._has_noted and -seconds > _SHORT_LEAD:
            self._note(
                f"The sound begins {float(-seconds):.1f} s before the first "
                "picture: that much of it is left out."
            )
        self._has_noted = True
        return False

    def _add_encoder(self, file, track, container):
        name = container.sound_codec
        codec = self._av.Codec(name, "w")
        rate = track.sample_rate
        if name == "libopus" or rate not in codec.audio_rates:
            rate = _RATE
        layouts = _LAYOUTS[name]
        layout = layouts[min(track.channels, len(layouts)) - 1]
        return file.add_stream(name, rate=rate, layout=layout)

    def _encode(self, film, track, stream):
        context = stream.codec_context
        context.open()
        resampler = self._av.AudioResampler(
            context.format,
            context.layout,
            context.sample_rate,
            frame_size=context.frame_size or None,
        )
        for frame in self._decode(film, track):
            for piece in resampler.resample(frame):
                yield from stream.encode(piece)
        for piece in resampler.resample(None):
            yield from stream.encode(piece)
        yield from stream.encode(None)

    def _decode(self, film, track):
        for packet in film.demux(track):
            try:
                decoded = packet.decode()
            except self._av.error.FFmpegError:  # Silence for a moment.
                continue
            for frame in decoded:
                if frame.pts is not None:
                    if self._is_over(frame.pts * frame.time_base):
                        return
                    frame.pts -= round(self._start / frame.time_base)
                    if not self._is_late_enough(frame.pts * frame.time_base):
                        continue
                yield frame
