"""Paintings that are held: they move along with the film."""

from typing import NamedTuple

import numpy as np

from multistyle.video.look import Look, smooth_step
from multistyle.video.motion import (
    Motion,
    deformation,
    fetch,
    fit,
    fit_flow,
    motion_size,
    places_of,
    reduce,
    warp,
)
from multistyle.video.packages import import_cv2

# That of a film of which all is painted alike.
ONE_MANNER = np.ones((1, 1, 1), np.float32)
# That of what version 0.1 held: it counts as whatever is wanted.
UNKNOWN_MANNER = np.empty((1, 1, 0), np.float32)
# The confidence from which on all of a painting is shown, and how much less
# leads to where nothing is. Half of each is a blur of strokes that do not
# match: all of a frame as such has 14 to 21 % more style loss.
_CERTAIN = 0.55
_SOFTNESS = 0.1
# The deformation up to which it is shown, likewise. Where motion is fast and
# hardly seen, as on a blurred wall, a flow is folded, and strokes run like oil.
_MOST_DEFORMED = 0.5
# Pixels: what is smaller is none of an area that may be shown, or may not; and
# how wide its edge is, inside of it. Strokes that end at once look torn, and
# each pixel of a mixture is less of a painting.
_SPECK = 7
_SEAM = 3
# Which of 256 levels each becomes where most of so wide a place decides.
_MOSTLY = np.rint(
    (_SPECK * (np.arange(256) - 127.5) + 127.5).clip(0, 255)
).astype(np.uint8)
# Channels that OpenCV fetches at once.
_MOST_CHANNELS = 4


class HeldPainting(NamedTuple):
    """A painting of an earlier frame, and where its pixels are by now.

    It moves at its `motion_size` [h, w], which is smaller than a large frame.

    Attributes:
        painting: float32 [H, W, 3] in [0, 1].
        flow: float32 [h, w, 2], from a pixel of now to its place in it.
        confidence: float32 [h, w] in [0, 1], how certain that place is.
        manner: float32 [h, w, C], or [1, 1, C] where it is the same
            everywhere, how it was painted; see `Stabilizer.stabilize`.
        look: its `Look`, at that size.
    """

    painting: np.ndarray
    flow: np.ndarray
    confidence: np.ndarray
    manner: np.ndarray
    look: Look

    @classmethod
    def new(
        cls,
        painting: np.ndarray,
        manner: np.ndarray,
        confidence: np.ndarray | None = None,
        look: Look | None = None,
    ) -> "HeldPainting":
        """Holds a painting of the frame of now."""
        size = motion_size(painting.shape[:2])
        if confidence is None:
            confidence = np.ones(size, np.float32)
        if look is None:
            look = look_of(painting)
        flow = np.zeros((*size, 2), np.float32)
        return cls(painting, flow, confidence, manner, look)

    @classmethod
    def restored(cls, arrays: dict[str, np.ndarray]) -> "HeldPainting":
        """Holds again what `arrays` gave, by this version or an earlier one."""
        painting = arrays["painting"]
        size = motion_size(painting.shape[:2])
        manner = arrays.get("manner", UNKNOWN_MANNER)
        if manner.shape[:2] != (1, 1):
            manner = fit(manner, size).reshape(*size, -1)
        return cls(
            painting,
            fit_flow(arrays["flow"], size),
            fit(arrays["confidence"], size),
            manner,
            look_of(painting),
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns what it follows from, a dict name -> array."""
        arrays = self._asdict()
        del arrays["look"]
        return arrays

    def moved(self, motion: Motion) -> "HeldPainting":
        """Returns it as it is one frame later."""
        cv2 = import_cv2()
        # Four channels are fetched in the time of one.
        place = cv2.merge(
            [*cv2.split(self.flow), self.confidence, self.confidence]
        )
        right, down, confidence, _ = cv2.split(warp(place, motion.flow))
        flow = cv2.merge([right, down])
        flow += motion.flow
        confidence *= motion.confidence
        return self._replace(flow=flow, confidence=confidence)

    def moved_manner(self) -> np.ndarray:
        """Returns how each pixel of now was painted, as `manner`."""
        height, width, count = self.manner.shape
        if (height, width) == (1, 1):
            return self.manner
        places = places_of(self.flow)
        parts = [
            fetch(self.manner[..., start : start + _MOST_CHANNELS], places)
            for start in range(0, count, _MOST_CHANNELS)
        ]
        return np.dstack(parts)

    def share(self, look: Look) -> np.ndarray:
        """Returns how much of it may be shown, float32 [h, w].

        That is little where its place is not certain, where its strokes would
        be deformed, or where it has another look.

        Args:
            look: that of the own painting of the frame of now.
        """
        certainty = self.confidence - _CERTAIN
        firmness = _MOST_DEFORMED - deformation(self.flow)
        share = smooth_step(certainty / _SOFTNESS + 1)
        share *= smooth_step(firmness / _SOFTNESS + 1)
        moved = self.look.moved(self.flow)
        return _soften(share * moved.agreement(look, share.shape))


def look_of(painting: np.ndarray) -> Look:
    """Measures the `Look` of a painting at its `motion_size`."""
    return Look.of(reduce(painting))


def _soften(share):
    """Returns a share without specks, that fades towards where it was 0."""
    cv2 = import_cv2()
    levels = np.rint(255 * share).astype(np.uint8)
    # As a median does, in a tenth of the time; what is uncovered at the edge is
    # a strip, no speck.
    mostly = cv2.blur(levels, (_SPECK, _SPECK), borderType=cv2.BORDER_REPLICATE)
    levels = cv2.LUT(mostly, _MOSTLY)
    levels = cv2.erode(levels, np.ones((_SEAM, _SEAM), np.uint8))
    return np.float32(cv2.blur(levels, (_SEAM, _SEAM))) / 255
