"""Interlaced films: each frame's two fields brought to one moment."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from multistyle.video.packages import import_av

# One frame for each; those that are not interlaced pass as they are.
_OPTIONS = "mode=send_frame:deint=interlaced"


def deinterlace(
    frames: Iterable, time_base: Fraction, begin: Callable[[], None]
) -> Iterator:
    """Deinterlaces a film by FFmpeg's `bwdif`, from its first such frame on.

    Args:
        frames: PyAV's `VideoFrame`s, decoded.
        time_base: the film's, in which the results count.
        begin: called once, before the first frame that is deinterlaced.

    Yields:
        `VideoFrame`s, as many as there are in `frames`.
    """
    graph = kind = None
    has_begun = False
    for frame in frames:
        now = frame.width, frame.height, frame.format.name
        if graph is not None and now != kind:
            yield from graph.finish()
            graph = None
        if graph is None and frame.interlaced_frame:
            graph, kind = _Graph(frame, time_base), now
            if not has_begun:
                begin()
            has_begun = True
        if graph is None:
            yield frame
        else:
            yield from graph.push(frame)
    if graph is not None:
        yield from graph.finish()


class _Graph:
    """The filter, for frames of one size and format."""

    def __init__(self, frame, time_base):
        self._av = import_av()
        self._time_base = time_base
        self._graph = self._av.filter.Graph()
        self._graph.link_nodes(
            self._graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=time_base,
            ),
            self._graph.add("bwdif", _OPTIONS),
            self._graph.add("buffersink"),
        ).configure()

    def push(self, frame):
        """Takes a frame and yields those that are ready."""
        self._graph.vpush(frame)
        errors = self._av.error.BlockingIOError, self._av.error.EOFError
        while True:
            try:
                ready = self._graph.vpull()
            except errors:
                return
            # The filter counts twice as finely.
            if ready.pts is not None:
                ready.pts = round(ready.pts * ready.time_base / self._time_base)
            ready.time_base = self._time_base
            yield ready

    def finish(self):
        """Yields the frames that wait for one to follow."""
        return self.push(None)
