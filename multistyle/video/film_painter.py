"""The painter of a film: each frame on its way through four stages."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from multistyle.images.colors import (
    blend_pixels,
    check_keep_colors,
    check_strength,
    keep_colors,
)
from multistyle.images.values import to_dtype, to_float, to_uint8
from multistyle.inference.engines.engine import Engine
from multistyle.inference.passes.painter import Painter
from multistyle.video.material.film_source import Frame
from multistyle.video.motion import Motion, MotionEstimator
from multistyle.video.stabilizer import DEFAULT_STABILITY, Stabilizer

_UNBOUNDED = 10**15


class StagedFrame(NamedTuple):
    """A frame on its way through the stages.

    Attributes:
        frame: a `Frame`.
        picture: what is shown of it: at first its pixels, uint8 or uint16
            [H, W, 3]; painted, float32 in [0, 1]; finished, as it was.
        motion: its `Motion`, or None for the first frame and where the
            painting is not held.
        state: dict name -> array, what the next frame depends on.
    """

    frame: Frame
    picture: np.ndarray
    motion: Motion | None = None
    state: dict[str, np.ndarray] = {}


class FilmPainter:
    """Paints the frames of one film, each in four stages.

    Each frame is painted with its own moments, as a photograph is. With those
    of an earlier frame it would burn out where the light has changed, and
    after the stabilizer it would flicker no less.

    Args:
        engine: an `Engine`.
        weights_at: function of seconds that gives style weights, float32 [N].
        stability: float in [0, 1]; 0 paints frame by frame, more holds a
            painting for longer.
        strength: float in [0, 1]; 0 is the film itself, 1 its painting.
        keep_colors: "none", "luminance" or "histogram", what is kept of the
            film's own colours; see `images.colors.keep_colors`.
        strokes, stroke_scale: see `Painter`; a frame is painted in one piece.

    Attributes:
        stages: list of functions, each from a `StagedFrame` to a
            `StagedFrame`, to be called in order, frame after frame; the first
            takes a `Frame`.

    Raises:
        InputError: for a number out of its range.

    Example:
        All frames of a film, in one style::

            painter = FilmPainter(engine, lambda seconds: style_weights)
            for staged in FilmReader("in.mp4").frames():
                for stage in painter.stages:
                    staged = stage(staged)
                show(staged.picture)
    """

    def __init__(
        self,
        engine: Engine,
        weights_at: Callable[[float], np.ndarray],
        *,
        stability: float = DEFAULT_STABILITY,
        strength: float = 1.0,
        keep_colors: str = "none",
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
    ):
        check_strength(strength)
        check_keep_colors(keep_colors)
        # Under estimated moments frames would flicker.
        self._painter = Painter(
            engine,
            strokes=strokes,
            stroke_scale=stroke_scale,
            max_memory=_UNBOUNDED,
        )
        self._strokes = strokes
        self._stroke_scale = stroke_scale
        self._weights_at = weights_at
        self._stability = stability
        self._strength = strength
        self._keep_colors = keep_colors
        self._stabilizer = Stabilizer(stability)
        self._estimator = MotionEstimator() if stability > 0 else None
        self._before: np.ndarray | None = None
        self.stages: list[Callable[[Any], Any]] = [
            self.follow,
            self.paint,
            self.stabilize,
            self.finish,
        ]

    def options(self) -> dict[str, Any]:
        """Returns what decides how the film looks, a dict for JSON."""
        options: dict[str, Any] = {
            "stability": self._stability,
            "strength": self._strength,
            "keep_colors": self._keep_colors,
            "strokes": self._strokes,
        }
        if self._stroke_scale != 1:
            options["stroke_scale"] = self._stroke_scale
        return options

    def follow(self, frame: Frame) -> StagedFrame:
        """Estimates the motion from the frame before."""
        before, self._before = self._before, to_uint8(frame.pixels)
        motion = None
        if self._estimator is not None and before is not None:
            motion = self._estimator.estimate(before, self._before)
        return StagedFrame(frame, frame.pixels, motion)

    def paint(self, staged: StagedFrame) -> StagedFrame:
        """Paints the frame by itself."""
        weights = self._weights_at(staged.frame.seconds)
        picture = np.empty(staged.picture.shape, np.float32)
        for window, part in self._painter.paint(
            staged.picture, lambda window: weights
        ):
            window.of(picture)[:] = part
        return staged._replace(picture=picture)

    def stabilize(self, staged: StagedFrame) -> StagedFrame:
        """Holds what was painted before, where it still fits."""
        picture = self._stabilizer.stabilize(staged.picture, staged.motion)
        state = {
            **self._stabilizer.state(),
            "before": to_uint8(staged.frame.pixels),
        }
        return staged._replace(picture=picture, state=state)

    def finish(self, staged: StagedFrame) -> StagedFrame:
        """Mixes with the film's own colours and pixels, in its own depth."""
        photograph = to_float(staged.frame.pixels)
        picture = keep_colors(photograph, staged.picture, self._keep_colors)
        picture = blend_pixels(photograph, picture, self._strength)
        return staged._replace(
            picture=to_dtype(picture, staged.frame.pixels.dtype)
        )

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on after the frame whose `StagedFrame.state` this is."""
        self._before = state["before"]
        self._stabilizer.restore(state)
