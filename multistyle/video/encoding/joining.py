"""Joining segments into one film, with the sound of another."""

import contextlib
import heapq
import os

from multistyle.files.whole_files import whole_file
from multistyle.video.encoding.gif import write_gif
from multistyle.video.packages import import_av


def join(segments, film_format, sound, output, note):
    """Writes a film from segments, whole or not at all, in little memory.

    Args:
        segments: list of paths of files by `FilmEncoder`, in order.
        film_format: the `FilmFormat` of both.
        sound: `Sound`, that of the film.
        output: path of the film to write; a file there is replaced.
        note: function of a line of text.

    Raises:
        InputError: if no file can be made there.
    """
    with whole_file(output) as file, sound:
        if film_format.sound_codec is None:
            if sound.num_tracks:
                note("A GIF has no sound: that of the film is left out.")
            write_gif(file.name, segments)
        else:
            _multiplex(file.name, segments, film_format, sound)


def _multiplex(path, segments, film_format, sound):
    av = import_av()
    options = {}
    if film_format.container in ("mp4", "mov"):
        options["movflags"] = "faststart"
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(av.open(os.fspath(segments[0])))
        container = stack.enter_context(
            av.open(path, "w", format=film_format.container, options=options)
        )
        pictures = container.add_stream_from_template(first.streams.video[0])
        tracks = sound.add_to(container, film_format)
        # By time, so that the container need not keep any waiting.
        for packet in heapq.merge(
            _packets(segments, pictures),
            *tracks,
            key=lambda packet: packet.dts * packet.time_base,
        ):
            container.mux(packet)


def _packets(segments, stream):
    """Yields the packets of all segments, as of `stream`."""
    for path in segments:
        with import_av().open(os.fspath(path)) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    packet.stream = stream
                    yield packet
