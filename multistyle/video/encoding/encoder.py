"""Writing the pictures of a film."""

import math
import os

import numpy as np

from multistyle.video.encoding.formats import DEFAULT_CRF
from multistyle.video.packages import import_av

# Times are counted this finely at least, so that they can be moved a little.
_TICKS = 10000
# AVCOL_*_BT709 and AVCOL_RANGE_MPEG.
_BT709 = 1
_LIMITED = 1


class FilmEncoder:
    """Encodes pictures into one file without sound.

    To be used in a `with` block; the file is complete after it.

    Args:
        path: of the file.
        film_format: a `FilmFormat`.
        reader: what the times are of, with `size`, `time_base`, `rate` and
            `sample_aspect_ratio` as of a `FilmReader`.
        crf: int, the quality; None is `DEFAULT_CRF`.
        container: FFmpeg's name of the container; None is the format's.
    """

    def __init__(self, path, film_format, reader, crf=None, container=None):
        self._av = import_av()
        self._format = film_format
        self._ticks = math.ceil(_TICKS * reader.time_base)
        self._time_base = reader.time_base / self._ticks
        self._size = [
            side + side % 2 if film_format.needs_even_size else side
            for side in reader.size
        ]
        options = dict(film_format.options)
        if film_format.worst_crf is not None:
            options["crf"] = str(DEFAULT_CRF if crf is None else crf)
        self._container = self._av.open(
            os.fspath(path), "w", format=container or film_format.container
        )
        stream = self._container.add_stream(
            film_format.codec, rate=reader.rate, options=options
        )
        stream.height, stream.width = self._size
        stream.pix_fmt = film_format.pixel_format
        stream.time_base = self._time_base
        context = stream.codec_context
        context.time_base = self._time_base
        context.sample_aspect_ratio = reader.sample_aspect_ratio
        if film_format.pixel_format == "yuv420p":
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

    def write(self, pixels, time):
        """Adds a picture.

        Args:
            pixels: uint8 [H, W, 3], RGB, of the reader's size.
            time: int in the reader's time base, above that of the one before.
        """
        missing = [
            (0, even - side)
            for even, side in zip(self._size, pixels.shape[:2], strict=True)
        ]
        if any(sum(pair) for pair in missing):
            pixels = np.pad(pixels, [*missing, (0, 0)], "edge")
        frame = self._av.VideoFrame.from_ndarray(pixels, "rgb24")
        is_yuv = self._format.pixel_format == "yuv420p"
        frame = frame.reformat(
            format=self._format.pixel_format,
            dst_colorspace="ITU709" if is_yuv else None,
            dst_color_range="MPEG" if is_yuv else None,
        )
        frame.pts = time * self._ticks
        frame.time_base = self._time_base
        self._container.mux(self._stream.encode(frame))
