"""Pixels out of decoded frames: upright, reduced, of BT.709."""

from typing import Any

import numpy as np

from multistyle.images.holes import fill_holes
from multistyle.images.values import to_float, to_uint8
from multistyle.video.decoding.hdr import ToneMapper
from multistyle.video.decoding.orientation import Orientation

# Matrices of H.273, and from how many rows on none at all means BT.709.
_UNSPECIFIED = 2
_MATRIX_709, _MATRIX_601, _MATRIX_2020 = 1, 5, 9
_HD_ROWS = 720


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

    def convert(self, frame: Any) -> tuple[np.ndarray, np.ndarray | None]:
        """Converts a frame.

        Args:
            frame: PyAV's `VideoFrame`.

        Returns:
            A pair: uint8 [H, W, 3], RGB; and None or the opacity, uint8
            [H, W]. What a transparent pixel hides is filled from around it.
        """
        if self._tone_mapper is not None:
            pixels = self._tone_mapper.tone_down(self._rgb(frame, "rgb48le"))
        elif not self._has_alpha:
            pixels = self._rgb(frame, "rgb24")
        alpha = None
        if self._has_alpha:
            rgba = self._rgb(frame, "rgba")
            alpha = self._orientation.apply(rgba[..., 3])
            if self._tone_mapper is None:
                pixels = rgba[..., :3]
        pixels = self._orientation.apply(pixels)
        if alpha is not None:
            pixels = to_uint8(fill_holes(to_float(pixels), to_float(alpha)))
        return pixels, alpha

    def _rgb(self, frame, format):
        height, width = self._size
        colorspace = None
        if frame.colorspace == _UNSPECIFIED:
            is_hd = frame.height >= _HD_ROWS
            colorspace = _MATRIX_709 if is_hd else _MATRIX_601
            if self._tone_mapper is not None:
                colorspace = _MATRIX_2020
        rgb = frame.reformat(
            width,
            height,
            format,
            src_colorspace=colorspace,
            interpolation="AREA" if height < frame.height else "BICUBIC",
        )
        return rgb.to_ndarray()


def has_alpha(frame: Any) -> bool:
    """Whether the format of a frame, PyAV's `VideoFrame`, has transparency."""
    return any(component.is_alpha for component in frame.format.components)


def is_transparent(frame: Any) -> bool:
    """Whether a pixel of a frame with transparency is not wholly opaque."""
    return bool((frame.to_ndarray(format="rgba")[..., 3] < 255).any())
