"""Paintings that are held: they move along with the film."""

from typing import NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.video.look import Look, smooth_step
from multistyle.video.motion import Motion, warp
from multistyle.video.packages import import_cv2

DEFAULT_STABILITY = 0.5
# Frames that a painting is held at stability 1, less one.
_LONGEST_HOLD = 8
# Pixels, the deviation of the blur that makes patches of noise.
_PATCH = 12
# Part of the time from one anchor to the next in which one patch changes.
_FADE = 0.25


class HeldPainting(NamedTuple):
    """A painting of an earlier frame, and where its pixels are by now.

    Attributes:
        painting: float32 [H, W, 3] in [0, 1].
        flow: float32 [H, W, 2], from a pixel of now to its place in it.
        confidence: float32 [H, W] in [0, 1], how certain that place is.
    """

    painting: np.ndarray
    flow: np.ndarray
    confidence: np.ndarray

    @classmethod
    def new(
        cls, painting: np.ndarray, confidence: np.ndarray | None = None
    ) -> "HeldPainting":
        """Holds a painting of the frame of now."""
        size = painting.shape[:2]
        if confidence is None:
            confidence = np.ones(size, np.float32)
        return cls(painting, np.zeros((*size, 2), np.float32), confidence)

    def moved(self, motion: Motion) -> "HeldPainting":
        """Returns it as it is one frame later."""
        flow = motion.flow + warp(self.flow, motion.flow)
        confidence = motion.confidence * warp(self.confidence, motion.flow)
        return HeldPainting(self.painting, flow, confidence)

    def show(self, look: Look) -> tuple[np.ndarray, np.ndarray]:
        """Shows it as it is now.

        Args:
            look: that of the own painting of the frame of now.

        Returns:
            The picture, float32 [H, W, 3], and float32 [H, W], how much of it
            may be shown: little where its place is not certain, or where it
            has another look.
        """
        picture = warp(self.painting, self.flow, is_smooth=True)
        # Nearly all or nothing: half of each is a blur of strokes that do not
        # match, and costs 2 % more style loss.
        share = smooth_step((self.confidence - 0.25) / 0.5)
        agreement = Look.of(picture).agreement(look, share.shape)
        return picture, share * agreement


class Stabilizer:
    """Shows paintings of earlier frames again, moved along with the film.

    A frame that is painted by itself has other strokes than the one before,
    and the film flickers. So every few frames the painting of one is kept: an
    anchor. The frames after it show the anchor, moved to where everything is
    by then. The next anchor replaces it patch by patch, in an order that is
    drawn once; at any time most pixels come from one painting.

    An anchor does not fit everywhere: not where the motion is uncertain, nor
    where something was hidden or has changed, nor where it has another `Look`
    than the frame's own painting. There a pixel shows what the frame before
    showed, moved by one frame; and if that does not fit either, the frame's
    own painting. At a cut nothing is held.

    A running mean, the usual way, averages strokes that do not quite match
    and interpolates them anew in every frame, which blurs. Here nearly every
    pixel is one painting's, interpolated once. benchmarks/README.md has the
    figures.

    Args:
        stability: float in [0, 1]; 0 shows each frame's own painting, more
            holds paintings for longer.

    Attributes:
        hold: int, how many frames lie between one anchor and the next.

    Raises:
        InputError: if `stability` is not in [0, 1].

    Example:
        The frame's motion is that from the frame before::

            stabilizer = Stabilizer(0.5)
            first = stabilizer.stabilize(first_painting, None)
            second = stabilizer.stabilize(second_painting, motion)
    """

    def __init__(self, stability: float = DEFAULT_STABILITY):
        if not 0 <= stability <= 1:
            raise InputError(
                f"`stability` is a number from 0 to 1; got `{stability}`."
            )
        self.hold = 1 + round(stability * _LONGEST_HOLD)
        self._anchors: list[HeldPainting] = []
        self._shown: HeldPainting | None = None
        self._age = 0
        self._order: np.ndarray | None = None

    def stabilize(self, own: np.ndarray, motion: Motion | None) -> np.ndarray:
        """Returns what the next frame shows.

        Args:
            own: float32 [H, W, 3] in [0, 1], the frame's own painting.
            motion: its `Motion`, or None for the first frame.

        Returns:
            float32 [H, W, 3] in [0, 1]: `own` itself at stability 0.
        """
        if self.hold == 1:
            return own
        if motion is None or motion.is_cut or self._shown is None:
            self._shown = HeldPainting.new(own)
            self._anchors = [self._shown]
            self._age = 0
            return own
        shown = self._shown.moved(motion)
        self._anchors = [anchor.moved(motion) for anchor in self._anchors]
        self._age += 1
        if self._age == self.hold:
            self._anchors = [self._anchors[-1], HeldPainting.new(own)]
            self._age = 0
        older, newer = self._anchors[0], self._anchors[-1]
        look = Look.of(own)
        picture, share = _lay(shown, own, look)
        # Where the own painting stands, it is certain.
        confidence = 1 - share * (1 - shown.confidence)
        picture, _ = _lay(older, picture, look)
        if newer is not older and self._age:
            picture, _ = _lay(newer, picture, look, self._progress(newer))
        picture = picture.clip(0, 1)
        self._shown = HeldPainting.new(picture, confidence)
        return picture

    def _progress(self, newer):
        """Returns float32 [H, W], how far the newer anchor has come."""
        size = newer.confidence.shape
        if self._order is None or self._order.shape != size:
            self._order = draw_order(*size)
        # The order moves along, or patches would change back.
        order = warp(self._order, newer.flow)
        return smooth_step(
            (self._age / self.hold - order * (1 - _FADE)) / _FADE
        )

    def state(self) -> dict[str, np.ndarray]:
        """Returns what the next frame depends on, a dict name -> array."""
        state = {"age": np.array(self._age)}
        held = {f"anchor_{i}": each for i, each in enumerate(self._anchors)}
        if self._shown is not None:
            held["shown"] = self._shown
        for name, each in held.items():
            for field, array in each._asdict().items():
                state[f"{name}_{field}"] = array
        return state

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from what `state` gave."""
        self._age = int(state["age"])
        names = [
            name.removesuffix("_painting")
            for name in sorted(state)
            if name.endswith("_painting")
        ]
        held = {
            name: HeldPainting(
                *(state[f"{name}_{field}"] for field in HeldPainting._fields)
            )
            for name in names
        }
        # Version 0.1 kept nothing but anchors.
        self._shown = held.pop("shown", None)
        self._anchors = list(held.values())
        if self._shown is None and self._anchors:
            self._shown = self._anchors[-1]


def _lay(held, picture, look, limit=1):
    """Lays a held painting over a picture, where it may be shown.

    Args:
        held: a `HeldPainting`.
        picture: float32 [H, W, 3].
        look: the `Look` of the frame's own painting.
        limit: float32 [H, W] or 1, the largest share.

    Returns:
        The picture, float32 [H, W, 3], and float32 [H, W], the share of the
        held painting in it.
    """
    above, share = held.show(look)
    share = share * limit
    return picture + share[..., None] * (above - picture), share


def draw_order(height: int, width: int) -> np.ndarray:
    """Draws when each pixel has its turn; patches have it together.

    Returns:
        float32 [height, width], evenly spread over [0, 1]; always the same.
    """
    noise = np.random.default_rng(0).normal(size=(height, width))
    smooth = import_cv2().GaussianBlur(noise, (0, 0), _PATCH)
    order = np.empty(height * width, np.float32)
    order[smooth.argsort(axis=None)] = np.linspace(0, 1, height * width)
    return order.reshape(height, width)
