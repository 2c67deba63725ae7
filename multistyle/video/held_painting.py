"""Paintings that are held: they move along with the film."""

from typing import NamedTuple

import numpy as np

from multistyle.video.look import Look, smooth_step
from multistyle.video.motion import Motion, warp

# That of a film of which all is painted alike.
ONE_MANNER = np.ones((1, 1, 1), np.float32)
# That of what version 0.1 held: it counts as whatever is wanted.
UNKNOWN_MANNER = np.empty((1, 1, 0), np.float32)
# By how much manners differ up to which they are one, beyond twice as much
# they are two.
_OTHER_MANNER = 0.25


class HeldPainting(NamedTuple):
    """A painting of an earlier frame, and where its pixels are by now.

    Attributes:
        painting: float32 [H, W, 3] in [0, 1].
        flow: float32 [H, W, 2], from a pixel of now to its place in it.
        confidence: float32 [H, W] in [0, 1], how certain that place is.
        manner: float32 [H, W, C], or [1, 1, C] where it is the same
            everywhere, how it was painted; see `Stabilizer.stabilize`.
    """

    painting: np.ndarray
    flow: np.ndarray
    confidence: np.ndarray
    manner: np.ndarray

    @classmethod
    def new(
        cls,
        painting: np.ndarray,
        manner: np.ndarray,
        confidence: np.ndarray | None = None,
    ) -> "HeldPainting":
        """Holds a painting of the frame of now."""
        size = painting.shape[:2]
        if confidence is None:
            confidence = np.ones(size, np.float32)
        flow = np.zeros((*size, 2), np.float32)
        return cls(painting, flow, confidence, manner)

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
            limit: float32 [H, W] or 1, the largest share.

        Returns:
            A `Shown`, and float32 [H, W], the share of the held painting.
        """
        wanted = self.manner if self.wanted is None else self.wanted
        above, share = held.show(self.look)
        manner = held.moved_manner()
        if not manner.size:
            manner = wanted
        difference = np.abs(manner - wanted).sum(axis=2) / 2
        agreement = 1 - smooth_step(difference / _OTHER_MANNER - 1)
        share = share * limit * agreement
        picture = self.picture + share[..., None] * (above - self.picture)
        if manner.size == self.manner.size == manner.shape[2]:
            # The same everywhere; then their mean stands for all.
            part = share.mean()
        else:
            part = share[..., None]
        mixed = self.manner + part * (manner - self.manner)
        mixed = mixed.astype(np.float32, copy=False)
        return Shown(picture, mixed, self.look, wanted), share
