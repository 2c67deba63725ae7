"""Paintings that are held: they move along with the film."""

from typing import NamedTuple

import numpy as np

from multistyle.video.look import Look, smooth_step
from multistyle.video.motion import (
    Motion,
    fit,
    fit_flow,
    motion_size,
    reduce,
    warp,
)
from multistyle.video.packages import import_cv2

# That of a film of which all is painted alike.
ONE_MANNER = np.ones((1, 1, 1), np.float32)
# That of what version 0.1 held: it counts as whatever is wanted.
UNKNOWN_MANNER = np.empty((1, 1, 0), np.float32)
# By how much manners differ up to which they are one, beyond twice as much
# they are two.
_OTHER_MANNER = 0.25
# The confidence from which on all of a painting is shown, and how much less
# leads to where nothing is. Half of each is a blur of strokes that do not
# match: all of a frame as such has 14 to 21 % more style loss.
_CERTAIN = 0.55
_SOFTNESS = 0.1
# Pixels: what is smaller is none of an area that may be shown, or may not; and
# how wide its edge is, inside of it. Strokes that end at once look torn, and
# each pixel of a mixture is less of a painting.
_SPECK = 7
_SEAM = 3


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
        flow = motion.flow + warp(self.flow, motion.flow)
        confidence = motion.confidence * warp(self.confidence, motion.flow)
        return self._replace(flow=flow, confidence=confidence)

    def moved_manner(self) -> np.ndarray:
        """Returns how each pixel of now was painted, as `manner`."""
        if self.manner.shape[:2] == (1, 1):
            return self.manner
        planes = [
            warp(plane, self.flow) for plane in np.moveaxis(self.manner, 2, 0)
        ]
        return np.stack(planes, axis=2)

    def share(self, look: Look) -> np.ndarray:
        """Returns how much of it may be shown, float32 [h, w].

        That is little where its place is not certain, or where it has another
        look.

        Args:
            look: that of the own painting of the frame of now.
        """
        share = smooth_step((self.confidence - _CERTAIN) / _SOFTNESS + 1)
        moved = self.look.moved(self.flow)
        return _soften(share * moved.agreement(look, share.shape))

    def show(self) -> np.ndarray:
        """Returns the picture as it is now, float32 [H, W, 3]."""
        flow = fit_flow(self.flow, self.painting.shape[:2])
        return warp(self.painting, flow, is_smooth=True)


class Shown(NamedTuple):
    """What is shown of a frame so far, over which paintings are laid.

    Attributes:
        picture: float32 [H, W, 3].
        manner: how it was painted, as that of a `HeldPainting`.
        look: the `Look` of the frame's own painting.
        wanted: how the frame's own painting was painted; None is `manner`.
    """

    picture: np.ndarray
    manner: np.ndarray
    look: Look
    wanted: np.ndarray | None = None

    def under(
        self, held: HeldPainting, limit: np.ndarray | float = 1
    ) -> tuple["Shown", np.ndarray]:
        """Lays a held painting over it, where that may be shown.

        Args:
            held: a `HeldPainting`.
            limit: float32 [h, w] or 1, the largest share.

        Returns:
            A `Shown`, and float32 [h, w], the share of the held painting.
        """
        wanted = self.manner if self.wanted is None else self.wanted
        manner = held.moved_manner()
        if not manner.size:
            manner = wanted
        difference = np.abs(manner - wanted).sum(axis=2) / 2
        agreement = 1 - smooth_step(difference / _OTHER_MANNER - 1)
        share = held.share(self.look) * limit * agreement
        if not share.any():
            return self._replace(wanted=wanted), share
        picture = held.show()
        picture -= self.picture
        picture *= fit(share, picture.shape[:2])[..., None]
        picture += self.picture
        if manner.size == self.manner.size == manner.shape[2]:
            # The same everywhere; then their mean stands for all.
            part = share.mean()
        else:
            part = share[..., None]
        mixed = self.manner + part * (manner - self.manner)
        mixed = mixed.astype(np.float32, copy=False)
        return Shown(picture, mixed, self.look, wanted), share


def _soften(share):
    """Returns a share without specks, that fades towards where it was 0."""
    cv2 = import_cv2()
    levels = np.rint(255 * share).astype(np.uint8)
    levels = cv2.medianBlur(levels, _SPECK)
    levels = cv2.erode(levels, np.ones((_SEAM, _SEAM), np.uint8))
    return cv2.blur(np.float32(levels) / 255, (_SEAM, _SEAM))


def look_of(painting: np.ndarray) -> Look:
    """Measures the `Look` of a painting at its `motion_size`."""
    return Look.of(reduce(painting))
