"""The sound of a film, for another film's container."""

import io
import os

from multistyle.video.packages import import_av

# What Opus is encoded at.
_OPUS_RATE = 48000


class Sound:
    """All sound of a film: copied where a container holds it.

    To be used in a `with` block, in which the film is open.

    Args:
        path: of the film that has the sound.
        note: function of a line of text, told of what is not copied.

    Attributes:
        num_tracks: int.
    """

    def __init__(self, path, note):
        self._av = import_av()
        self._note = note
        self._path = os.fspath(path)
        self._films = []
        with self._av.open(self._path) as film:
            self.num_tracks = len(film.streams.audio)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for film in self._films:
            film.close()

    def add_to(self, container, film_format):
        """Adds each track to a container that is being written.

        Args:
            container: PyAV's, open for writing.
            film_format: its `FilmFormat`.

        Returns:
            A list of iterators of packets, one a track, in order of time.
        """
        tracks = []
        for number in range(self.num_tracks):
            film = self._av.open(self._path)
            self._films.append(film)
            track = film.streams.audio[number]
            if self._holds(track, film_format):
                stream = container.add_stream_from_template(track)
                tracks.append(_copy(film, track, stream))
                continue
            codec = film_format.sound_codec
            self._note(
                f"Sound of the kind {track.codec_context.name} cannot stand "
                f"in {film_format.container}: it is encoded anew, by {codec}."
            )
            rate = _OPUS_RATE if codec == "libopus" else track.sample_rate
            stream = container.add_stream(
                codec, rate=rate, layout=track.layout.name
            )
            tracks.append(self._encode(film, track, stream))
        return tracks

    def _holds(self, track, film_format):
        """Tries whether a container takes a track as it is."""
        try:
            with self._av.open(
                io.BytesIO(), "w", format=film_format.container
            ) as trial:
                trial.add_stream_from_template(track)
                trial.start_encoding()
        except (self._av.error.FFmpegError, ValueError):
            return False
        return True

    def _encode(self, film, track, stream):
        context = stream.codec_context
        context.open()
        resampler = self._av.AudioResampler(
            context.format,
            context.layout,
            context.sample_rate,
            frame_size=context.frame_size or None,
        )
        for packet in film.demux(track):
            try:
                decoded = packet.decode()
            except self._av.error.FFmpegError:  # Silence for a moment.
                continue
            for frame in decoded:
                for piece in resampler.resample(frame):
                    yield from stream.encode(piece)
        for piece in resampler.resample(None):
            yield from stream.encode(piece)
        yield from stream.encode(None)


def _copy(film, track, stream):
    for packet in film.demux(track):
        if packet.size:
            packet.stream = stream
            yield packet
