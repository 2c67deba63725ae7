"""Pixels out of decoded frames: upright, reduced, of BT.709."""

import math
from typing import Any

import numpy as np

from multistyle.images.holes import fill_holes
from multistyle.images.values import to_dtype, to_float
from multistyle.video.decoding.hdr import ToneMapper
from multistyle.video.decoding.orientation import Orientation
from multistyle.video.material.color_tags import BT2020, UNSPECIFIED, matrix_of


class PixelConverter:
    """Converts the frames of one film.

    Args:
        size: (height, width) of the results before they are put upright.
        orientation: how they lie.
        tone_mapper: of an HDR film, or None.
        has_alpha: bool, whether transparency is to be read.
    """

    def __init__(
        self,
        size: tuple[int, int],
        *,
        orientation: Orientation,
        tone_mapper: ToneMapper | None,
        has_alpha: bool,
    ):
        self._size = size
        self._orientation = orientation
        self._tone_mapper = tone_mapper
        self._has_alpha = has_alpha

    def convert(
        self, frame: Any, *, is_deep: bool = False
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Converts a frame.

        Args:
            frame: PyAV's `VideoFrame`.
            is_deep: whether the results are uint16.

        Returns:
            A pair: uint8 or uint16 [H, W, 3], RGB; and None or the opacity,
            likewise [H, W]. What a transparent pixel hides is filled from
            around it.
        """
        dtype = np.uint16 if is_deep else np.uint8
        if self._tone_mapper is not None:
            signal = self._rgb(frame, "rgb48le")
            pixels = self._tone_mapper.tone_down(signal, dtype)
        elif not self._has_alpha:
            pixels = self._rgb(frame, "rgb48le" if is_deep else "rgb24")
        alpha = None
        if self._has_alpha:
            rgba = self._rgb(frame, "rgba64le" if is_deep else "rgba")
            alpha = self._orientation.apply(rgba[..., 3])
            if self._tone_mapper is None:
                pixels = rgba[..., :3]
        pixels = self._orientation.apply(pixels)
        if alpha is not None:
            pixels = fill_alpha_holes(pixels, alpha)
        return pixels, alpha

    def _rgb(self, frame, format):
        height, width = self._size
        colorspace = None
        if frame.colorspace == UNSPECIFIED:
            colorspace = BT2020 if self._tone_mapper else matrix_of(frame)
        rgb = frame.reformat(
            width,
            height,
            format,
            src_colorspace=colorspace,
            interpolation="AREA" if height < frame.height else "BICUBIC",
        )
        return rgb.to_ndarray()


def reduced_size(
    size: tuple[int, int], max_size: int | None
) -> tuple[int, int]:
    """Returns (height, width) with a longer side of at most `max_size`."""
    factor = min(1, (max_size or math.inf) / max(size))
    height, width = (max(1, round(side * factor)) for side in size)
    return height, width


def fill_alpha_holes(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Returns pixels, of their kind, whose hidden ones are filled."""
    filled = fill_holes(to_float(pixels), to_float(alpha))
    return to_dtype(filled, pixels.dtype)


def is_deep(frame: Any) -> bool:
    """Whether a frame, PyAV's `VideoFrame`, has more than 8 bits."""
    return any(part.bits > 8 for part in frame.format.components)


def has_alpha(frame: Any) -> bool:
    """Whether the format of a frame, PyAV's `VideoFrame`, has transparency."""
    return any(component.is_alpha for component in frame.format.components)


def is_transparent(frame: Any) -> bool:
    """Whether a pixel of a frame with transparency is not wholly opaque."""
    return bool((frame.to_ndarray(format="rgba")[..., 3] < 255).any())
