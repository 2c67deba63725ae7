"""A film, painted: its stages side by side, in segments, then as one file."""

import contextlib
import itertools

from multistyle.errors import InputError
from multistyle.network.architecture import MIN_SIZE
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.joining import join
from multistyle.video.encoding.segments import SEGMENT_FRAMES
from multistyle.video.encoding.sound import Sound
from multistyle.video.stages import run_stages

SEGMENT_CONTAINER = "nut"


def paint_film(
    reader, painter, output, film_format, segments, crf=None, note=print
):
    """Writes a film, painted; goes on where it stopped.

    Args:
        reader: a `FilmReader`.
        painter: a `FilmPainter` that has painted nothing yet.
        output: path of the film to write.
        film_format: its `FilmFormat`.
        segments: `Segments` of the output; removed in the end.
        crf: int, as of `FilmEncoder`.
        note: function of a line of text.

    Yields:
        int, after each frame: how many are done. When the generator ends, the
        film stands.

    Raises:
        InputError: if the film is too small, or cannot be written.
    """
    if min(reader.size) < MIN_SIZE:
        height, width = reader.size
        raise InputError(
            f"The frames of `{reader.path}` are `{height} x {width}` (height x "
            f"width); at least {MIN_SIZE} x {MIN_SIZE} can be painted."
        )
    segments.open()
    start = len(segments) * SEGMENT_FRAMES
    state = segments.state()
    if state is not None:
        painter.restore(state)
        yield start
    staged_frames = run_stages(reader.frames(start), painter.stages)
    with contextlib.closing(staged_frames):
        for number, group in itertools.groupby(
            staged_frames, lambda staged: staged.frame.index // SEGMENT_FRAMES
        ):
            path = segments.path(number)
            with FilmEncoder(
                path, film_format, reader, crf, SEGMENT_CONTAINER
            ) as encoder:
                for staged in group:
                    encoder.write(staged.picture, staged.frame.time)
                    yield staged.frame.index + 1
            segments.finish(staged.state)
    sound = Sound(reader.path, start=reader.start, note=note)
    join(segments.paths(), film_format, sound, output, note)
    segments.remove()
