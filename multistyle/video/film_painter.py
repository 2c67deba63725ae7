"""The painter of a film: each frame on its way through four stages."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from multistyle.blends.regions import Region, weights_of
from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.colors import check_keep_colors, keep_colors
from multistyle.images.strength import blend_pixels, check_strength
from multistyle.images.values import to_dtype, to_float, to_uint8
from multistyle.inference.engines.chosen_styles import ChosenStyles
from multistyle.inference.engines.engine import Engine
from multistyle.inference.passes.painter import Painter
from multistyle.video.material.film_source import Frame
from multistyle.video.motion import (
    Motion,
    MotionEstimator,
    fit,
    motion_size,
    reduce,
)
from multistyle.video.parts.cues import Cue, Cues
from multistyle.video.parts.scenes import Scene, SceneFinder
from multistyle.video.stabilizer import (
    DEFAULT_STABILITY,
    Stabilizer,
    frames_held,
)

_UNBOUNDED = 10**15
# So many times as long as a painting is held: then both anchors are those of
# the whole film, and what lies beside them nearly so.
_LEAD_IN = 3
# Breadths of strokes that change do so in steps of a ninth.
_BREADTHS_AN_OCTAVE = 8


class StagedFrame(NamedTuple):
    """A frame on its way through the stages.

    Attributes:
        frame: a `Frame`.
        cue: a `Cue`, what it is painted in.
        picture: what is shown of it: at first its pixels, uint8 or uint16
            [H, W, 3]; painted, float32 in [0, 1]; finished, as it was.
        motion: its `Motion`, or None for the first frame and where the
            painting is not held.
        state: dict name -> array, what the next frame depends on.
        scene: a `Scene` that became certain by this frame, or None.
    """

    frame: Frame
    cue: Cue
    picture: np.ndarray
    motion: Motion | None = None
    state: dict[str, np.ndarray] = {}
    scene: Scene | None = None


class FilmPainter:
    """Paints the frames of one film, each in four stages.

    Each frame is painted with its own moments, as a photograph is. With those
    of an earlier frame it would burn out where the light has changed, and
    after the stabilizer it would flicker no less.

    Args:
        engine: an `Engine`.
        weights_at: function of seconds that gives style weights, float32
            [N]; or `Cues`, whose settings go before those below.
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
        weights_at: Callable[[float], np.ndarray] | Cues,
        *,
        stability: float = DEFAULT_STABILITY,
        strength: float = 1.0,
        keep_colors: str = "none",
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
    ):
        check_strength(strength)
        check_keep_colors(keep_colors)
        self._engine: Engine | ChosenStyles = engine
        if isinstance(weights_at, Cues):
            self._engine = ChosenStyles(engine, weights_at.names)
        self._strokes = strokes
        self._painters: dict[float, Painter] = {}
        self._painter(stroke_scale)
        self._cues = weights_at
        self._settings = {
            "stability": stability,
            "strength": strength,
            "stroke_scale": stroke_scale,
        }
        self._keep_colors = keep_colors
        self._stabilizer = Stabilizer(stability)
        self._stabilities = [stability]
        if isinstance(weights_at, Cues) and weights_at.stabilities:
            self._stabilities = weights_at.stabilities
        self._estimator = None
        if max(self._stabilities) > 0:
            self._estimator = MotionEstimator(is_quick=True)
        self._finder = SceneFinder()
        self._before: np.ndarray | None = None
        self.stages: list[Callable[[Any], Any]] = [
            self.follow,
            self.paint,
            self.stabilize,
            self.finish,
        ]

    @property
    def lead_in(self) -> int:
        """How many frames before a part make it look as in the whole film."""
        stability = max(self._stabilities)
        return _LEAD_IN * frames_held(stability) if stability > 0 else 0

    @property
    def scenes(self) -> list[Scene]:
        """The scenes that were found by now."""
        return self._finder.scenes

    def end(self) -> Scene | None:
        """Returns the scene that the film's end has made certain, or None."""
        return self._finder.finish()

    def options(self) -> dict[str, Any]:
        """Returns what decides how the film looks, a dict for JSON."""
        options = {
            **self._settings,
            "keep_colors": self._keep_colors,
            "strokes": self._strokes,
        }
        if options["stroke_scale"] == 1:
            del options["stroke_scale"]
        return options

    def paint_alone(self, frame: Frame) -> np.ndarray:
        """Paints a frame by itself, as if no other were there."""
        staged = StagedFrame(frame, self._cue_of(frame), frame.pixels)
        return self.finish(self.paint(staged)).picture

    def follow(self, frame: Frame) -> StagedFrame:
        """Looks up its cue, and what has moved since the frame before."""
        cue = self._cue_of(frame)
        before, self._before = self._before, _view(frame)
        motion = None
        if cue.settings["stability"] > 0 and before is not None:
            assert self._estimator is not None
            motion = self._estimator.estimate(before, self._before)
        scene = self._finder.look(frame)
        if motion is not None and self._finder.is_cut:
            motion = motion._replace(is_cut=True)
        state = {**self._finder.state(), "before": self._before}
        return StagedFrame(frame, cue, frame.pixels, motion, state, scene)

    def paint(self, staged: StagedFrame) -> StagedFrame:
        """Paints the frame by itself."""
        region, settings = staged.cue
        painter = self._painter(settings["stroke_scale"])
        picture = np.empty(staged.picture.shape, np.float32)
        for window, part in painter.paint(staged.picture, weights_of(region)):
            window.of(picture)[:] = part
        return staged._replace(picture=picture)

    def stabilize(self, staged: StagedFrame) -> StagedFrame:
        """Holds what was painted before, where it still fits."""
        picture = self._stabilizer.stabilize(
            staged.picture,
            staged.motion,
            index=staged.frame.index,
            stability=staged.cue.settings["stability"],
            manner=self._manner_of(staged.cue),
        )
        state = {**staged.state, **self._stabilizer.state()}
        return staged._replace(picture=picture, state=state)

    def finish(self, staged: StagedFrame) -> StagedFrame:
        """Mixes with the film's own colours and pixels, in its own depth."""
        dtype = staged.frame.pixels.dtype
        strength = staged.cue.region.strength()
        share = strength * np.float32(staged.cue.settings["strength"])
        if self._keep_colors == "none" and share.size == 1 and share == 1:
            # Nothing of the film is left, and most films are painted so.
            return staged._replace(picture=to_dtype(staged.picture, dtype))
        photograph = to_float(staged.frame.pixels)
        transfer = None
        if self._keep_colors == "histogram" and strength.size > 1:
            # The colours are those of what is painted.
            transfer = ColorTransfer(
                staged.picture,
                photograph,
                source_weights=strength,
                target_weights=strength,
            )
        picture = keep_colors(
            photograph, staged.picture, self._keep_colors, transfer=transfer
        )
        picture = blend_pixels(photograph, picture, share)
        return staged._replace(picture=to_dtype(picture, dtype))

    def _cue_of(self, frame):
        if isinstance(self._cues, Cues):
            cue = self._cues.at(frame)
        else:
            cue = Cue(Region(self._cues(frame.seconds)), {})
        settings = {**self._settings, **cue.settings}
        scale = settings["stroke_scale"]
        if "stroke_scale" in cue.settings:
            # In few steps, for which engines are ready after the first time.
            steps = round(math.log2(scale) * _BREADTHS_AN_OCTAVE)
            settings["stroke_scale"] = 2 ** (steps / _BREADTHS_AN_OCTAVE)
        return cue._replace(settings=settings)

    def _painter(self, stroke_scale):
        if stroke_scale not in self._painters:
            # Under estimated moments frames would flicker.
            self._painters[stroke_scale] = Painter(
                self._engine,
                strokes=self._strokes,
                stroke_scale=stroke_scale,
                max_memory=_UNBOUNDED,
            )
        return self._painters[stroke_scale]

    def _manner_of(self, cue):
        """Returns in what a frame is painted, for the `Stabilizer`."""
        weights = cue.region.weights()
        if weights.shape[:2] != (1, 1):
            size = motion_size(weights.shape[:2])
            weights = fit(weights, size).reshape(*size, -1)
        breadth = np.float32(2 * math.log2(cue.settings["stroke_scale"]))
        breadths = np.full((*weights.shape[:2], 1), breadth)
        return np.concatenate([weights, breadths], axis=2)

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on after the frame whose `StagedFrame.state` this is."""
        # Earlier versions kept it whole.
        self._before = reduce(state["before"])
        self._stabilizer.restore(state)
        self._finder.restore(state)


def _view(frame):
    """Returns what motion is sought in, uint8 [h, w, 3]."""
    return to_uint8(reduce(frame.pixels))
