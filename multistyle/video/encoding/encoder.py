"""Writing the pictures of a film."""

import math
import os

import numpy as np

from multistyle.images.codecs.srgb import on_white
from multistyle.images.values import to_dtype
from multistyle.video.encoding.codecs import DEFAULT_CRF, SMALL
from multistyle.video.encoding.formats import FilmFormat
from multistyle.video.material.color_tags import FULL, LIMITED
from multistyle.video.material.film_source import PictureSource
from multistyle.video.packages import import_av

# Times are counted this finely at least, so that they can be moved a little.
_TICKS = 10000


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
        source: PictureSource,
        *,
        crf: int | None = None,
        container: str | None = None,
    ):
        self._av = import_av()
        codec = film_format.codec
        self._format = film_format
        self._tags = None
        if film_format.pixel_format.startswith("yuv"):
            self._tags = source.color_tags
            if self._tags.range == FULL and not codec.has_full_range:
                self._tags = self._tags._replace(range=LIMITED)
        self._ticks = math.ceil(_TICKS * source.time_base)
        self._time_base = source.time_base / self._ticks
        self._size = [
            side + side % 2 if codec.needs_even_size else side
            for side in source.size
        ]
        options = dict(film_format.options)
        if min(self._size) < SMALL:
            options.update(codec.small_options)
        if codec.worst_crf is not None:
            options["crf"] = str(DEFAULT_CRF if crf is None else crf)
        self._container = self._av.open(
            os.fspath(path),
            "w",
            format=container or film_format.container.name,
        )
        stream = self._container.add_stream(
            codec.encoder, rate=source.rate, options=options
        )
        stream.height, stream.width = self._size
        stream.pix_fmt = film_format.pixel_format
        stream.time_base = self._time_base
        context = stream.codec_context
        context.time_base = self._time_base
        context.sample_aspect_ratio = source.sample_aspect_ratio
        if self._tags:
            context.color_range = self._tags.range
            context.colorspace = self._tags.matrix
            context.color_primaries = self._tags.primaries
            context.color_trc = self._tags.transfer
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
            pixels: uint8 or uint16 [H, W, 3], RGB, of the source's size.
            time: in the source's time base, above that of the one before.
            alpha: of the same kind [H, W], how opaque it is; None is wholly.
                A format without transparency shows it on white.
        """
        if self._format.has_alpha and alpha is None:
            full = np.iinfo(pixels.dtype).max
            alpha = np.full(pixels.shape[:2], full, pixels.dtype)
        if alpha is not None:
            pixels = np.dstack([pixels, to_dtype(alpha, pixels.dtype)])
            if not self._format.has_alpha:
                pixels = on_white(pixels)
        missing = [
            (0, even - side)
            for even, side in zip(self._size, pixels.shape[:2], strict=True)
        ]
        if any(sum(pair) for pair in missing):
            pixels = np.pad(pixels, [*missing, (0, 0)], "edge")
        is_deep = pixels.dtype == np.uint16
        kind = (
            ("rgba", "rgba64le")
            if self._format.has_alpha
            else ("rgb24", "rgb48le")
        )[is_deep]
        frame = self._av.VideoFrame.from_ndarray(
            np.ascontiguousarray(pixels), kind
        )
        frame = frame.reformat(
            format=self._format.pixel_format,
            dst_colorspace=self._tags and self._tags.matrix,
            dst_color_range=self._tags and self._tags.range,
        )
        if self._tags:
            # ProRes takes them from here.
            frame.color_primaries = self._tags.primaries
            frame.color_trc = self._tags.transfer
        frame.pts = time * self._ticks
        frame.time_base = self._time_base
        self._container.mux(self._stream.encode(frame))
