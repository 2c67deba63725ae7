"""A camera: painted as it films, shown and recorded."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from multistyle.blends.weights import one_hot
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.resizing import resize_long_side
from multistyle.video.decoding.reader import DEFAULT_RATE
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.film_painter import FilmPainter
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
            raise InputError(
                f"`{spec}` gives no picture: is a camera of this number there, "
                "and free?"
            )
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


class StyleKeys:
    """Keys that choose the blend which is painted.

    Args:
        weights: float32 [N], the blend to begin with.
        style_names: list of the N names.
        say: function of a line of text; it is told which style was chosen.

    Attributes:
        weights: float32 [N], the blend of now.
        is_over: bool, whether the key of the end was pressed.
    """

    HELP = "1 to 9 a style, n the next, p the one before, q the end"

    def __init__(
        self,
        weights: np.ndarray,
        style_names: list[str],
        say: Callable[[str], None],
    ):
        self.weights = weights
        self.is_over = False
        self._names = style_names
        self._index = int(np.argmax(weights))
        self._say = say

    def at(self, seconds: float) -> np.ndarray:
        """Returns the weights of now, whatever the time in the film is."""
        return self.weights

    def press(self, key: str | None) -> None:
        """Takes a key, or None where none was pressed.

        A key that means nothing does nothing.
        """
        if key == "q":
            self.is_over = True
        elif key in ("n", "p"):
            self._choose(self._index + (1 if key == "n" else -1))
        elif key and key in "123456789" and int(key) <= len(self._names):
            self._choose(int(key) - 1)

    def _choose(self, index):
        self._index = index % len(self._names)
        name = self._names[self._index]
        self.weights = one_hot(name, self._names)
        self._say(f"Style: {name}.")


def paint_camera(
    camera: Camera,
    painter: FilmPainter,
    keys: StyleKeys,
    *,
    screen: Any = None,
    encoder: FilmEncoder | None = None,
) -> Iterator[int]:
    """Paints what a camera films, until the camera or a key ends it.

    One picture is finished before the next is taken, so that the one on the
    screen is recent and keys act at once.

    Args:
        camera: a `Camera`.
        painter: a `FilmPainter` with the weights of `keys`.
        keys: `StyleKeys`.
        screen: a `Screen`, or what else has its `show`; None shows nothing.
        encoder: a `FilmEncoder` to record with, or None.

    Yields:
        int, after each picture: how many there are.
    """
    with contextlib.closing(camera.frames()) as frames:
        for frame in frames:
            staged: Any = frame
            for stage in painter.stages:
                staged = stage(staged)
            if encoder is not None:
                encoder.write(staged.picture, staged.frame.time)
            if screen is not None:
                keys.press(screen.show(staged.picture))
            yield staged.frame.index + 1
            if keys.is_over:
                return
