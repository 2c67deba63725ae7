"""GIFs of films, in 256 colours that do not change."""

import itertools
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from multistyle.video.packages import import_av

# A GIF counts in hundredths, and viewers slow down what is faster than two.
_TIME_BASE = Fraction(1, 100)
_SHORTEST = 2
_PALETTE_SIZE = 16


def write_gif(path: str | os.PathLike, segments: list[Path]) -> None:
    """Writes an endless GIF, in two passes: first the colours, then pictures.

    All frames share their colours and a dither that stands still: otherwise
    what stands still in the film would flicker. Frames that come faster than
    50 a second are thinned out. Memory does not grow with their number.

    Args:
        path: of the file to write; a file there is replaced.
        segments: paths of films of one size, in order.
    """
    av = import_av()
    reducer = _ColorReducer(segments)
    with av.open(
        os.fspath(path), "w", format="gif", options={"loop": "0"}
    ) as out:
        stream = out.add_stream("gif", rate=100)
        stream.pix_fmt = "pal8"
        stream.codec_context.time_base = _TIME_BASE
        last, shown_for = None, _SHORTEST
        for frame in reducer.frames():
            time = round(frame.pts * frame.time_base / _TIME_BASE)
            if last is None:
                stream.width, stream.height = frame.width, frame.height
            elif time < last + _SHORTEST:
                continue
            else:
                shown_for = time - last
            frame.pts, frame.time_base, last = time, _TIME_BASE, time
            for packet in stream.encode(frame):
                # Counts for the last one alone.
                packet.duration = shown_for
                out.mux(packet)
        out.mux(stream.encode(None))


class _ColorReducer:
    """Brings films to 256 colours that suit all of their frames."""

    def __init__(self, segments):
        self._av = import_av()
        self._segments = segments

    def frames(self) -> Iterator:
        """Yields the frames, with a palette."""
        graph = self._av.filter.Graph()
        pictures = self._buffer(graph, "pictures")
        colors = graph.add_buffer(
            width=_PALETTE_SIZE,
            height=_PALETTE_SIZE,
            format=self._av.VideoFormat("bgra"),
            time_base=_TIME_BASE,
            name="colors",
        )
        paint = graph.add("paletteuse", "dither=bayer")
        sink = graph.add("buffersink")
        pictures.link_to(paint, 0, 0)
        colors.link_to(paint, 0, 1)
        paint.link_to(sink)
        graph.configure()
        colors.push(self._palette())
        colors.push(None)
        for frame in self._read():
            pictures.push(frame)
            yield from self._drain(sink)
        pictures.push(None)
        yield from self._drain(sink)

    def _palette(self):
        graph = self._av.filter.Graph()
        pictures = self._buffer(graph, "pictures")
        sink = graph.add("buffersink")
        graph.link_nodes(pictures, graph.add("palettegen"), sink).configure()
        palettes = []
        for frame in itertools.chain(self._read(), [None]):
            pictures.push(frame)
            # It comes at the end; until then asking for it takes frames in,
            # which would wait in memory otherwise.
            palettes += self._drain(sink)
        (palette,) = palettes
        palette.pts, palette.time_base = 0, _TIME_BASE
        return palette

    def _buffer(self, graph, name):
        with self._av.open(os.fspath(self._segments[0])) as container:
            stream = container.streams.video[0]
            return graph.add_buffer(template=stream, name=name)

    def _read(self):
        for path in self._segments:
            with self._av.open(os.fspath(path)) as container:
                yield from container.decode(video=0)

    def _drain(self, sink):
        errors = self._av.error.BlockingIOError, self._av.error.EOFError
        while True:
            try:
                yield sink.pull()
            except errors:
                return
