"""Reading films: frames upright, in sRGB, one after another."""

import contextlib
import math
import os
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.video.packages import import_av

DEFAULT_RATE = Fraction(25)
# AVCOL_SPC_UNSPECIFIED, and from how many rows on that means BT.709.
_UNSPECIFIED = 2
_HD_ROWS = 720


class Frame(NamedTuple):
    """One frame of a film.

    Attributes:
        index: int, its number, from 0.
        time: int, when it is shown, in the film's time base.
        seconds: float, the same in seconds after the first frame.
        pixels: uint8 [H, W, 3], RGB.
    """

    index: int
    time: int
    seconds: float
    pixels: np.ndarray


class FilmReader:
    """The first video stream of a film.

    Args:
        path: of a film of any kind that FFmpeg reads.
        max_size: int, pixels: frames with a longer side are reduced. None
            leaves them as they are.
        note: function of a line of text, told of frames that are broken.

    Attributes:
        size: (height, width) of the frames, upright and reduced.
        time_base: Fraction, seconds a unit of `Frame.time`.
        rate: Fraction, frames a second in the mean.
        num_frames: int, an estimate, or None.
        sample_aspect_ratio: Fraction, width of a pixel beside its height.

    Raises:
        InputError: if there is no such file, or it holds no video that can
            be read.
    """

    def __init__(self, path, max_size=None, note=lambda line: None):
        self._av = import_av()
        self.path = path
        self._note = note
        if not os.path.isfile(path):
            raise InputError(f"There is no film `{path}`.")
        with self._open() as container:
            stream = self._stream(container)
            frame = next(self._decode(container, lambda line: None), None)
            if frame is None:
                raise InputError(f"`{path}` has no frame that can be read.")
            self.time_base = stream.time_base
            self.rate = stream.average_rate or DEFAULT_RATE
            self.num_frames = self._count(container, stream)
            self._turns = round(frame.rotation / 90) % 4
            ratio = frame_ratio(stream)
        height, width = frame.height, frame.width
        factor = min(1, (max_size or math.inf) / max(height, width))
        height, width = (
            max(1, round(side * factor)) for side in (height, width)
        )
        self._decoded_size = height, width
        if self._turns % 2:
            height, width, ratio = width, height, 1 / ratio
        self.size = height, width
        self.sample_aspect_ratio = ratio

    def frames(self, start=0):
        """Reads the frames.

        A frame that is broken is noted. Where nothing comes of it the one
        before stays on, since frames have times; where a damaged one comes,
        the last good one is held in its place.

        Args:
            start: int, number of the first frame to return.

        Yields:
            `Frame`s.
        """
        index, last, first, good = 0, None, None, None
        with self._open() as container:
            for decoded in self._decode(container, self._note):
                time = decoded.pts
                if time is None:
                    time = 0 if last is None else last + self._frame_time()
                if last is not None:
                    time = max(time, last + 1)
                last = time
                first = time if first is None else first
                seconds = float((time - first) * self.time_base)
                if decoded.is_corrupt and good is not None:
                    self._note(self._broken(seconds))
                    pixels = good
                elif index >= start or index == start - 1:
                    # One more, to hold if the first one is broken.
                    pixels = good = self._pixels(decoded)
                if index >= start:
                    yield Frame(index, time, seconds, pixels)
                index += 1

    def _frame_time(self):
        return max(1, round(1 / self.rate / self.time_base))

    def _pixels(self, frame):
        """Returns uint8 [H, W, 3] of a decoded frame, upright."""
        height, width = self._decoded_size
        colorspace = None
        if frame.colorspace == _UNSPECIFIED:
            is_hd = frame.height >= _HD_ROWS
            colorspace = "ITU709" if is_hd else "ITU601"
        is_reduced = height < frame.height
        rgb = frame.reformat(
            width,
            height,
            "rgb24",
            src_colorspace=colorspace,
            interpolation="AREA" if is_reduced else "BICUBIC",
        )
        pixels = rgb.to_ndarray()
        # The matrix turns counter-clockwise, and so does NumPy.
        return np.ascontiguousarray(np.rot90(pixels, self._turns))

    def _decode(self, container, note):
        """Yields what can be decoded, and notes what cannot."""
        stream = self._stream(container)
        errors = self._av.error.FFmpegError
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except errors as error:
                note(f"`{self.path}` ends early: {error.strerror}.")
                return
            if packet is None:
                return
            try:
                decoded = packet.decode()
            except self._av.error.EOFError:
                return
            except errors:
                start = stream.start_time or 0
                time = packet.pts if packet.pts is not None else start
                note(self._broken(float((time - start) * stream.time_base)))
                continue
            yield from decoded

    def _broken(self, seconds):
        return (
            f"`{self.path}`: the frame at {seconds:.2f} s is broken; the one "
            "before it is held."
        )

    @contextlib.contextmanager
    def _open(self):
        try:
            container = self._av.open(os.fspath(self.path))
        except self._av.error.FFmpegError as error:
            raise InputError(
                f"`{self.path}` is no film that can be read: {error.strerror}."
            ) from error
        with container:
            yield container

    def _stream(self, container):
        streams = container.streams.video
        if not streams:
            raise InputError(f"`{self.path}` has no video stream: give a film.")
        return streams[0]

    def _count(self, container, stream):
        if stream.frames:
            return stream.frames
        if stream.duration:
            seconds = float(stream.duration * stream.time_base)
        elif container.duration:
            seconds = container.duration / self._av.time_base
        else:
            return None
        return max(1, round(seconds * self.rate))


def frame_ratio(stream):
    """Returns the width of a pixel beside its height, a Fraction."""
    return Fraction(stream.sample_aspect_ratio or 1)
