"""The stabilizer: paintings of earlier frames are shown again."""

import math

import numpy as np

from multistyle.errors import InputError
from multistyle.video.held_painting import (
    ONE_MANNER,
    HeldPainting,
    look_of,
)
from multistyle.video.look import smooth_step
from multistyle.video.motion import Motion, warp
from multistyle.video.packages import import_cv2
from multistyle.video.shown import Shown

DEFAULT_STABILITY = 0.5
# Frames that a painting is held at stability 1, less one.
_LONGEST_HOLD = 8
# The deviation of the blur that makes patches of noise, beside the long side.
# Twice as many patches, twice as many seams between strokes.
_PATCH = 0.1
# Part of the time from one anchor to the next in which one patch changes: at
# any time so much of a frame is a mixture.
_FADE = 0.05
# Anchors after which what was shown where none of them fits is let go, or a
# film would depend on all that was ever shown of it.
_MEMORY = 8


class Stabilizer:
    """Shows paintings of earlier frames again, moved along with the film.

    A frame that is painted by itself has other strokes than the one before,
    and the film flickers. So every few frames the painting of one is kept: an
    anchor. The frames after it show the anchor, moved to where everything is
    by then. The next anchor replaces it patch by patch, in an order that is
    drawn once; at any time most pixels come from one painting.

    An anchor does not fit everywhere: not where the motion is uncertain or
    would deform its strokes, nor where something was hidden or has changed, nor
    where it has another `Look` than the frame's own painting, or was painted in
    another manner: beyond the edge of a moving mask is another style. There a
    pixel shows what the frame before showed, moved by one frame; and if that
    does not fit either, the frame's own painting. At a cut nothing is held.

    Which frames become anchors, and when all else is let go, follows from their
    numbers alone, so that a part of a film that is painted by itself soon shows
    what the whole does.

    A running mean, the usual way, averages strokes that do not quite match
    and interpolates them anew in every frame, which blurs. Here nearly every
    pixel is one painting's, interpolated once. benchmarks/README.md has the
    figures.

    Args:
        stability: float in [0, 1]; 0 shows each frame's own painting, more
            holds paintings for longer.

    Raises:
        InputError: if `stability` is not in [0, 1].

    Example:
        The frame's motion is that from the frame before::

            stabilizer = Stabilizer(0.5)
            first = stabilizer.stabilize(first_painting, None)
            second = stabilizer.stabilize(second_painting, motion)
    """

    def __init__(self, stability: float = DEFAULT_STABILITY):
        check_stability(stability)
        self._stability = stability
        self._anchors: list[HeldPainting] = []
        self._shown: HeldPainting | None = None
        self._index = -1
        self._order: np.ndarray | None = None

    def stabilize(
        self,
        own: np.ndarray,
        motion: Motion | None,
        *,
        index: int | None = None,
        stability: float | None = None,
        manner: np.ndarray = ONE_MANNER,
    ) -> np.ndarray:
        """Returns what the next frame shows.

        Args:
            own: float32 [H, W, 3] in [0, 1], the frame's own painting.
            motion: its `Motion`, or None for the first frame.
            index: the frame's number, from 0; None is that after the last.
            stability: float in [0, 1], of this frame; None is as ever.
            manner: float32 [h, w, C], of the motion's size, or [1, 1, C] where
                it is the same everywhere: in what the frame is painted, as
                style weights. Half the sum of differences says how unlike two
                are, 1 of two styles.

        Returns:
            float32 [H, W, 3] in [0, 1]: `own` itself at stability 0.
        """
        hold = frames_held(self._stability if stability is None else stability)
        self._index = self._index + 1 if index is None else index
        if hold == 1:
            self._shown, self._anchors = None, []
            return own
        if motion is None or motion.is_cut or self._shown is None:
            self._shown = HeldPainting.new(own, manner)
            self._anchors = [self._shown]
            return own
        shown = self._shown.moved(motion)
        self._anchors = [anchor.moved(motion) for anchor in self._anchors]
        age = self._index % hold
        look = look_of(own)
        if age == 0:
            newer = HeldPainting.new(own, manner, look=look)
            self._anchors = [self._anchors[-1], newer]
        elif age == hold - 1:
            # It has wholly taken the place of the older one.
            self._anchors = self._anchors[-1:]
        older, newer = self._anchors[0], self._anchors[-1]
        over = Shown(own, look, wanted=manner, manner=manner)
        share: np.ndarray = np.zeros((1, 1), np.float32)
        if self._index % (_MEMORY * hold):
            over, share = over.under(shown)
        # Where the own painting stands, it is certain.
        confidence = 1 - share * (1 - shown.confidence)
        over, _ = over.under(older)
        if newer is not older:
            share = self._progress(newer, (age + 1) / hold)
            over, _ = over.under(newer, share)
        picture = over.picture().clip(0, 1)
        self._shown = HeldPainting.new(picture, over.manner, confidence)
        return picture

    def _progress(self, newer, share):
        """Returns float32 [H, W], how far the newer anchor has come.

        Args:
            newer: a `HeldPainting`.
            share: of the time until the next, in [0, 1].
        """
        size = newer.confidence.shape
        if self._order is None or self._order.shape != size:
            self._order = draw_order(*size)
        # The order moves along, or patches would change back.
        order = warp(self._order, newer.flow)
        return smooth_step((share - order * (1 - _FADE)) / _FADE)

    def state(self) -> dict[str, np.ndarray]:
        """Returns what the next frame depends on, a dict name -> array."""
        state = {"index": np.array(self._index)}
        held = {f"anchor_{i}": each for i, each in enumerate(self._anchors)}
        if self._shown is not None:
            held["shown"] = self._shown
        for name, each in held.items():
            for field, array in each.arrays().items():
                state[f"{name}_{field}"] = array
        return state

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from what `state` gave."""
        # Version 0.1 counted from a cut, kept nothing but anchors, and knew no
        # manners.
        self._index = int(state["index" if "index" in state else "age"])
        held = {}
        for name in sorted(state):
            name, is_painting, _ = name.rpartition("_painting")
            if is_painting:
                held[name] = HeldPainting.restored(
                    {
                        field: state[f"{name}_{field}"]
                        for field in HeldPainting._fields
                        if f"{name}_{field}" in state
                    }
                )
        self._shown = held.pop("shown", None)
        self._anchors = list(held.values())
        if self._shown is None and self._anchors:
            self._shown = self._anchors[-1]


def frames_held(stability: float) -> int:
    """Returns how many frames lie between one anchor and the next."""
    check_stability(stability)
    return 1 + math.ceil(stability**1.5 * _LONGEST_HOLD)


def check_stability(stability: float) -> None:
    """Raises InputError if it is not in [0, 1]."""
    if not 0 <= stability <= 1:
        raise InputError(
            f"`stability` is a number from 0 to 1; got `{stability}`."
        )


def draw_order(height: int, width: int) -> np.ndarray:
    """Draws when each pixel has its turn; patches have it together.

    Returns:
        float32 [height, width], evenly spread over [0, 1]; always the same.
    """
    noise = np.random.default_rng(0).normal(size=(height, width))
    patch = _PATCH * max(height, width)
    smooth = import_cv2().GaussianBlur(noise, (0, 0), patch)
    order = np.empty(height * width, np.float32)
    order[smooth.argsort(axis=None)] = np.linspace(0, 1, height * width)
    return order.reshape(height, width)
