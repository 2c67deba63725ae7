"""A camera, or a film that poses as one."""

import time
from collections.abc import Generator
from fractions import Fraction

import numpy as np

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.resizing import resize_long_side
from multistyle.video.decoding.reader import DEFAULT_RATE
from multistyle.video.material.color_tags import ColorTags
from multistyle.video.material.film_source import Frame
from multistyle.video.packages import import_cv2

PREFIX = "camera:"
DEFAULT_SIZE = 320


class Camera:
    """The pictures of a camera, or of a film that poses as one.

    It is used in a `with` block.

    Args:
        spec: "camera:0", with the number of a camera, or "camera:" and the
            path of a film, which is then read to its end.
        max_size: int, pixels: pictures with a longer side are reduced. None
            is `DEFAULT_SIZE`, so that painting keeps up.

    Attributes:
        size, time_base, rate, sample_aspect_ratio, color_tags: see
            `PictureSource`.

    Raises:
        InputError: if there is no such camera, or it gives no picture.

    Example:
        What the first camera sees::

            with Camera("camera:0", max_size=256) as camera:
                for frame in camera.frames():
                    print(frame.seconds, frame.pixels.shape)
    """

    time_base = Fraction(1, 1000)
    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()

    def __init__(self, spec: str, *, max_size: int | None = None):
        cv2 = import_cv2()
        name = spec.removeprefix(PREFIX)
        self._cv2 = cv2
        self._max_size = max_size or DEFAULT_SIZE
        self._is_live = name.isdecimal()
        self._capture = cv2.VideoCapture(
            int(name) if self._is_live else str(expand_home(name))
        )
        # The newest picture, not those that wait.
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._first = self._read()
        if self._first is None:
            self._capture.release()
            doubt = "is a film of this name there?"
            if self._is_live:
                doubt = "is a camera of this number there, and free?"
            raise InputError(f"`{spec}` gives no picture: {doubt}")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        rate = rate if 1 <= rate <= 240 else DEFAULT_RATE
        self.rate = Fraction(rate).limit_denominator(1001)
        self.size = self._first.shape[:2]

    def __enter__(self) -> "Camera":
        return self

    def __exit__(self, *error: object) -> None:
        self._capture.release()

    def frames(self) -> Generator[Frame, None, None]:
        """Yields `Frame`s as they come, until the camera gives no more."""
        start = last = None
        pixels, index = self._first, 0
        while pixels is not None:
            if self._is_live:
                now = round(time.monotonic() * 1000)
            else:
                now = round(index * 1000 / self.rate)
            start = now if start is None else start
            moment = now - start if last is None else max(now - start, last + 1)
            yield Frame(index, moment, moment / 1000, pixels)
            last, index = moment, index + 1
            pixels = self._read()

    def _read(self):
        is_there, picture = self._capture.read()
        if not is_there:
            return None
        pixels = self._cv2.cvtColor(picture, self._cv2.COLOR_BGR2RGB)
        if max(pixels.shape[:2]) > self._max_size:
            pixels = resize_long_side(pixels, self._max_size)
        return np.ascontiguousarray(pixels)
