"""Joining segments into one film, with the sound of another."""

import contextlib
import heapq
import os
from collections.abc import Callable
from pathlib import Path

from multistyle.video.encoding.formats import FilmFormat
from multistyle.video.encoding.gif import write_gif
from multistyle.video.encoding.sound import Sound
from multistyle.video.packages import import_av


def join(
    segments: list[Path],
    film_format: FilmFormat,
    sound: Sound,
    path: str | os.PathLike,
    *,
    note: Callable[[str], None],
) -> None:
    """Writes a film from segments, in little memory.

    Args:
        segments: paths of files by `FilmEncoder`, in order.
        film_format: that of both.
        sound: that of the film.
        path: of the film to write; a file there is replaced.
        note: told in a line of text what is left out.
    """
    with sound:
        if film_format.sound_codec is None:
            if sound.num_tracks:
                note("A GIF has no sound: that of the film is left out.")
            write_gif(path, segments)
        else:
            _multiplex(path, segments, film_format, sound)


def _multiplex(path, segments, film_format, sound):
    av = import_av()
    options = {}
    if film_format.container in ("mp4", "mov"):
        options["movflags"] = "faststart"
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(av.open(os.fspath(segments[0])))
        container = stack.enter_context(
            av.open(
                os.fspath(path),
                "w",
                format=film_format.container,
                options=options,
            )
        )
        template = first.streams.video[0]
        pictures = container.add_stream_from_template(template, opaque=True)
        # Without it Matroska's transparency is there, and nobody looks.
        if "alpha_mode" in template.metadata:
            pictures.metadata["alpha_mode"] = template.metadata["alpha_mode"]
        tracks = sound.add_to(container, film_format)
        # By time, so that the container need not keep any waiting.
        for packet in heapq.merge(
            _packets(segments, pictures),
            *tracks,
            key=lambda packet: packet.dts * packet.time_base,
        ):
            container.mux(packet)


def _packets(segments, stream):
    """Yields the packets of all segments, made those of `stream`."""
    for path in segments:
        with import_av().open(os.fspath(path)) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    packet.stream = stream
                    yield packet
