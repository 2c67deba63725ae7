"""Writing the pictures of a film."""

import math
import os
from fractions import Fraction
from typing import Protocol

import numpy as np

from multistyle.images.codecs.srgb import on_white
from multistyle.video.encoding.formats import DEFAULT_CRF, FilmFormat
from multistyle.video.packages import import_av

# Times are counted this finely at least, so that they can be moved a little.
_TICKS = 10000
# Matrix, transfer and primaries of BT.709, by H.273; AVCOL_RANGE_MPEG.
_BT709 = 1
_LIMITED = 1


class FilmSource(Protocol):
    """What the pictures of a film are made from, as a `FilmReader` is."""

    size: tuple[int, int]
    time_base: Fraction
    rate: Fraction
    sample_aspect_ratio: Fraction


class FilmEncoder:
    """Encodes pictures into one file without sound.

    It is used in a `with` block; the file is complete after it.

    Args:
        path: of the file.
        film_format: its kind.
        source: what the pictures are made from.
        crf: the quality; None is `DEFAULT_CRF`.
        container: FFmpeg's name of the container; None is the format's.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        film_format: FilmFormat,
        source: FilmSource,
        *,
        crf: int | None = None,
        container: str | None = None,
    ):
        self._av = import_av()
        self._format = film_format
        self._is_yuv = film_format.pixel_format.startswith("yuv")
        self._ticks = math.ceil(_TICKS * source.time_base)
        self._time_base = source.time_base / self._ticks
        self._size = [
            side + side % 2 if film_format.needs_even_size else side
            for side in source.size
        ]
        options = dict(film_format.options)
        if film_format.worst_crf is not None:
            options["crf"] = str(DEFAULT_CRF if crf is None else crf)
        self._container = self._av.open(
            os.fspath(path), "w", format=container or film_format.container
        )
        stream = self._container.add_stream(
            film_format.codec, rate=source.rate, options=options
        )
        stream.height, stream.width = self._size
        stream.pix_fmt = film_format.pixel_format
        stream.time_base = self._time_base
        context = stream.codec_context
        context.time_base = self._time_base
        context.sample_aspect_ratio = source.sample_aspect_ratio
        if self._is_yuv:
            context.color_range = _LIMITED
            context.colorspace = context.color_primaries = _BT709
            context.color_trc = _BT709
        self._stream = stream

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()

    def write(
        self, pixels: np.ndarray, time: int, alpha: np.ndarray | None = None
    ) -> None:
        """Adds a picture.

        Args:
            pixels: uint8 [H, W, 3], RGB, of the source's size.
            time: in the source's time base, above that of the one before.
            alpha: uint8 [H, W], how opaque it is; None is wholly. A format
                without transparency shows it on white.
        """
        if self._format.has_alpha and alpha is None:
            alpha = np.full(pixels.shape[:2], 255, np.uint8)
        if alpha is not None:
            pixels = np.dstack([pixels, alpha])
            if not self._format.has_alpha:
                pixels = on_white(pixels)
        missing = [
            (0, even - side)
            for even, side in zip(self._size, pixels.shape[:2], strict=True)
        ]
        if any(sum(pair) for pair in missing):
            pixels = np.pad(pixels, [*missing, (0, 0)], "edge")
        kind = "rgba" if self._format.has_alpha else "rgb24"
        frame = self._av.VideoFrame.from_ndarray(
            np.ascontiguousarray(pixels), kind
        )
        frame = frame.reformat(
            format=self._format.pixel_format,
            dst_colorspace=_BT709 if self._is_yuv else None,
            dst_color_range=_LIMITED if self._is_yuv else None,
        )
        frame.pts = time * self._ticks
        frame.time_base = self._time_base
        self._container.mux(self._stream.encode(frame))
