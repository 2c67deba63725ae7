"""A film, painted: its stages side by side, in segments, then as one file."""

import contextlib
import itertools
from typing import NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.images.colors import KEEP_COLORS, blend_pixels, keep_colors
from multistyle.images.values import to_float, to_uint8
from multistyle.network.architecture import MIN_SIZE
from multistyle.video.decoding.reader import Frame
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.joining import join
from multistyle.video.encoding.segments import SEGMENT_FRAMES
from multistyle.video.encoding.sound import Sound
from multistyle.video.motion import Motion, MotionEstimator
from multistyle.video.painter import Painter
from multistyle.video.stabilizer import DEFAULT_STABILITY, Stabilizer
from multistyle.video.stages import run_stages

SEGMENT_CONTAINER = "nut"


class Step(NamedTuple):
    """A frame on its way through the stages.

    Attributes:
        frame: a `Frame`.
        motion: its `Motion`, or None at the start and where none is asked.
        picture: float32 [H, W, 3] in [0, 1], then uint8 when it is finished.
        state: dict of arrays, what the next frame depends on.
    """

    frame: Frame
    motion: Motion | None = None
    picture: np.ndarray | None = None
    state: dict = {}


class FilmPainter:
    """Paints the frames of one film, each in four steps.

    Args:
        engine: what `inference.engines.loading` describes.
        weights_at: function of seconds that gives weights [N].
        stability: float in [0, 1]; 0 paints frame by frame.
        strength: float in [0, 1], as of `Stylizer.stylize`.
        keep_colors: as of `Stylizer.stylize`.

    Attributes:
        stages: list of functions, each from a `Step` to a `Step`; to be called
            in order, frame after frame, and the first with a `Frame`.

    Raises:
        InputError: for a number out of its range.
    """

    def __init__(
        self,
        engine,
        weights_at,
        stability=DEFAULT_STABILITY,
        strength=1.0,
        keep_colors="none",
    ):
        if not 0 <= strength <= 1:
            raise InputError(f"`{strength}` is no strength: use 0 to 1.")
        if keep_colors not in KEEP_COLORS:
            raise InputError(
                f"`{keep_colors}` is no way to keep colours: use one of "
                f"{', '.join(KEEP_COLORS)}."
            )
        self._weights_at = weights_at
        self._stability = stability
        self._strength = strength
        self._keep_colors = keep_colors
        self._stabilizer = Stabilizer(stability)
        self._painter = Painter(engine, stability)
        self._estimator = MotionEstimator() if stability > 0 else None
        self._before = None
        self.stages = [self.follow, self.paint, self.stabilize, self.finish]

    def options(self):
        """Returns what decides how the film looks, a dict for JSON."""
        return {
            "stability": self._stability,
            "strength": self._strength,
            "keep_colors": self._keep_colors,
        }

    def follow(self, frame):
        """Estimates the motion from the frame before."""
        if self._estimator is None:
            return Step(frame)
        before, self._before = self._before, frame.pixels
        if before is None:
            return Step(frame)
        return Step(frame, self._estimator.estimate(before, frame.pixels))

    def paint(self, step):
        is_cut = step.motion is None or step.motion.is_cut
        picture = self._painter.paint(
            step.frame.pixels, self._weights_at(step.frame.seconds), is_cut
        )
        return step._replace(picture=picture, state=self._painter.state())

    def stabilize(self, step):
        picture = self._stabilizer.stabilize(step.picture, step.motion)
        state = {
            **step.state,
            **self._stabilizer.state(),
            "before": step.frame.pixels,
        }
        return step._replace(picture=picture, state=state)

    def finish(self, step):
        """Mixes with the film's own colours and pixels; makes uint8."""
        photograph = to_float(step.frame.pixels)
        picture = keep_colors(photograph, step.picture, self._keep_colors)
        picture = blend_pixels(photograph, picture, self._strength)
        return step._replace(picture=to_uint8(picture))

    def restore(self, state):
        """Goes on after the frame whose `Step.state` this is."""
        self._before = state["before"]
        self._painter.restore(state)
        self._stabilizer.restore(state)


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
    steps = run_stages(reader.frames(start), painter.stages)
    with contextlib.closing(steps):
        for number, group in itertools.groupby(
            steps, lambda step: step.frame.index // SEGMENT_FRAMES
        ):
            path = segments.path(number)
            with FilmEncoder(
                path, film_format, reader, crf, SEGMENT_CONTAINER
            ) as encoder:
                for step in group:
                    encoder.write(step.picture, step.frame.time)
                    yield step.frame.index + 1
            segments.finish(step.state)
    sound = Sound(reader.path, start=reader.start, note=note)
    join(segments.paths(), film_format, sound, output, note)
    segments.remove()
