"""Joining segments into one film, with all else of another."""

import contextlib
import heapq
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from multistyle.video.encoding.formats import FilmFormat
from multistyle.video.encoding.gif import write_gif
from multistyle.video.encoding.sound import Sound
from multistyle.video.encoding.tracks import Subtitles, read_chapters
from multistyle.video.packages import import_av


def join(
    segments: list[Path],
    film_format: FilmFormat,
    path: str | os.PathLike,
    *,
    film: str | os.PathLike | None = None,
    start: Fraction = Fraction(0),
    end: Fraction | None = None,
    is_part: bool = False,
    timecode: str | None = None,
    note: Callable[[str], None],
) -> None:
    """Writes a film from segments, in little memory.

    Args:
        segments: paths of files by `FilmEncoder`, in order.
        film_format: that of both.
        path: of the film to write; a file there is replaced.
        film: path of the film whose sound, subtitles and chapters come along,
            or None: they are none.
        start: seconds: the film's own time of the first picture.
        end: likewise, of where the pictures end; None is where the film's do.
        is_part: whether the film has pictures before `start`, too.
        timecode: of the first picture, or None.
        note: told in lines of text what is left out.
    """
    container = film_format.container
    span: dict[str, Any] = {"start": start, "end": end}
    chapters = read_chapters(film, **span) if film is not None else []
    with (
        Sound(film, note=note, is_part=is_part, **span) as sound,
        Subtitles(film, **span) as subtitles,
    ):
        if container.codecs:
            sources = sound, subtitles
            _multiplex(path, segments, film_format, sources, chapters, timecode)
            return
        if sound.num_tracks:
            note("A GIF has no sound: that of the film is left out.")
        if chapters:
            note("A GIF has no chapters: those of the film are left out.")
        write_gif(path, segments)


def _multiplex(path, segments, film_format, sources, chapters, timecode):
    av = import_av()
    options = {}
    name = film_format.container.name
    is_quicktime = name in ("mp4", "mov")
    if is_quicktime:
        options["movflags"] = "faststart"
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(av.open(os.fspath(segments[0])))
        file = stack.enter_context(
            av.open(os.fspath(path), "w", format=name, options=options)
        )
        template = first.streams.video[0]
        pictures = file.add_stream_from_template(template, opaque=True)
        if film_format.codec.tag and is_quicktime:
            pictures.codec_context.codec_tag = film_format.codec.tag
        elif film_format.codec.keeps_tag:
            tag = template.codec_context.codec_tag
            pictures.codec_context.codec_tag = tag
        # Without it Matroska's transparency is there, and nobody looks.
        if "alpha_mode" in template.metadata:
            pictures.metadata["alpha_mode"] = template.metadata["alpha_mode"]
        if timecode is not None:
            pictures.metadata["timecode"] = timecode
            # Without a rate a MOV has no timecode.
            pictures.codec_context.framerate = template.average_rate
        tracks = [
            track
            for source in sources
            for track in source.add_to(file, film_format.container)
        ]
        if chapters:
            file.set_chapters(chapters)
        # By time, so that the container need not keep any waiting.
        for packet in heapq.merge(
            _packets(segments, pictures),
            *tracks,
            key=lambda packet: packet.dts * packet.time_base,
        ):
            file.mux(packet)


def _packets(segments, stream):
    """Yields the packets of all segments, made those of `stream`."""
    for path in segments:
        with import_av().open(os.fspath(path)) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    # FFmpeg asks a decoder when packets are due, and of few
                    # small ones it has no answer; they are in order.
                    if packet.dts is None:
                        packet.dts = packet.pts
                    packet.stream = stream
                    yield packet
