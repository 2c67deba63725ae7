"""Numbered frames that are read as a film."""

import math
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs import deep
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import opened
from multistyle.images.resizing import resize
from multistyle.images.values import to_dtype
from multistyle.video.decoding.pixels import fill_alpha_holes, reduced_size
from multistyle.video.material.color_tags import ColorTags
from multistyle.video.material.exr import SUFFIX as EXR
from multistyle.video.material.exr import decode_exr
from multistyle.video.material.film_source import Frame
from multistyle.video.material.numbered import NumberedName, name_numbers

DEFAULT_RATE = Fraction(24)
# Each is the frame before, once more: over an hour of them.
_MOST_MISSING = 100_000
_TURNED = (5, 6, 7, 8)
_ORIENTATION = 0x0112


class _Facts(NamedTuple):
    """What is known of a frame before its pixels are read."""

    size: tuple[int, int]
    may_be_transparent: bool
    is_deep: bool


class FrameFilesReader:
    """Numbered frames: PNG, TIFF, EXR and what else is read as a picture.

    Where numbers are missing, the frame before stays on.

    Args:
        path: as "in_%04d.png".
        rate: Fraction, frames a second; None is `DEFAULT_RATE`.
        max_size: int, pixels: frames with a longer side are reduced. None
            leaves them as they are.
        note: told in lines of text which numbers are missing.

    Attributes:
        See `FilmSource`.

    Raises:
        InputError: if there are no frames, they differ in size, or one cannot
            be read.
    """

    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()
    film: Path | None = None
    start = Fraction(0)
    timecode: str | None = None
    pixel_format = "rgb"

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        rate: Fraction | None = None,
        max_size: int | None = None,
        note: Callable[[str], None],
    ):
        self.path = expand_home(path)
        self.rate = rate or DEFAULT_RATE
        self.time_base = 1 / self.rate
        self._name = NumberedName(self.path)
        self._note = note
        self._is_exr = self.path.suffix.lower() == EXR
        numbers = self._name.numbers()
        if not numbers:
            raise InputError(f"There are no frames `{path}`.")
        self.first_number = numbers[0]
        self._last = numbers[-1]
        self.num_frames: int | None = self._last - self.first_number + 1
        if self.num_frames - len(numbers) > _MOST_MISSING:
            raise InputError(
                f"`{path}`: the numbers run from {self.first_number} to "
                f"{self._last}, but {len(numbers)} frames are there: at most "
                f"{_MOST_MISSING:,} may be missing."
            )
        self._numbers = set(numbers)
        facts = self._read_facts(numbers)
        self.is_deep = any(each.is_deep for each in facts)
        self.has_alpha = any(
            each.may_be_transparent and self._is_transparent(number)
            for number, each in zip(numbers, facts, strict=True)
        )
        self._stored_size = facts[0].size
        self.size = reduced_size(self._stored_size, max_size)
        self.identity: dict[str, Any] = {
            "film": os.path.abspath(self.path),
            "film_bytes": sum(
                os.path.getsize(self._name.of(number)) for number in numbers
            ),
            "first_frame": self.first_number,
            "fps": str(self.rate),
        }
        self.treatment: dict[str, Any] = (
            {"alpha": True} if self.has_alpha else {}
        )
        self._note_missing(numbers)
        if rate is None:
            note(
                f"`{self.path}`: {self.rate} frames a second, unless --fps "
                "says another number."
            )

    def frames(
        self, start: int = 0, *, begin: float = 0, is_deep: bool = False
    ) -> Iterator[Frame]:
        """Reads the frames; see `FilmSource`."""
        start = max(start, math.ceil(Fraction(begin) * self.rate))
        dtype = np.uint16 if is_deep else np.uint8
        # What is held may be from before the start.
        wanted = self.first_number + start
        before = [number for number in self._numbers if number < wanted]
        good: Any = None
        is_there = wanted in self._numbers
        first = wanted if is_there else max(before, default=wanted)
        for number in range(first, self._last + 1):
            index = number - self.first_number
            if number in self._numbers:
                good = self._read_or_hold(number, dtype, good)
            if index >= start:
                seconds = float(index / self.rate)
                yield Frame(index, index, seconds, *good)

    def _read_or_hold(self, number, dtype, before):
        try:
            return self._read(number, dtype)
        except InputError as error:
            if before is None:
                raise
            self._note(f"{error} The frame before is held.")
            return before

    def _read(self, number, dtype):
        """Returns the pixels and the opacity, or None, of a frame."""
        picture = self._decode(number)
        if picture.shape[:2] != self._stored_size:
            raise self._other_size(number, picture.shape)
        picture = to_dtype(resize(picture, self.size), dtype)
        pixels = np.ascontiguousarray(picture[..., :3])
        if not self.has_alpha:
            return pixels, None
        alpha = np.full(picture.shape[:2], np.iinfo(dtype).max, dtype)
        if picture.shape[2] == 4:
            alpha = np.ascontiguousarray(picture[..., 3])
        return fill_alpha_holes(pixels, alpha), alpha

    def _decode(self, number):
        path = self._name.of(number)
        if self._is_exr:
            return decode_exr(path.read_bytes(), os.fspath(path))
        return read_image(path, keep_alpha=True, is_deep=self.is_deep)

    def _is_transparent(self, number):
        picture = self._decode(number)
        if picture.shape[2] == 3:
            return False
        full = np.iinfo(picture.dtype).max
        return bool((picture[..., 3] < full).any())

    def _read_facts(self, numbers):
        first = self._facts_of(numbers[0])
        if self._is_exr:  # All of it would have to be decoded.
            return [first] * len(numbers)
        facts = [first, *map(self._facts_of, numbers[1:])]
        for number, each in zip(numbers, facts, strict=True):
            if each.size != first.size:
                self._stored_size = first.size
                raise self._other_size(number, each.size)
        return facts

    def _facts_of(self, number):
        path = self._name.of(number)
        if self._is_exr:
            picture = self._decode(number)
            return _Facts(picture.shape[:2], picture.shape[2] == 4, True)
        with opened(path) as image:
            width, height = image.size
            # To find that of a PNG, which has none, it would be decoded.
            is_png = image.format == "PNG"
            if not is_png and image.getexif().get(_ORIENTATION) in _TURNED:
                width, height = height, width
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            return _Facts((height, width), has_alpha, deep.is_deep(image))

    def _other_size(self, number, size):
        (height, width), (h, w) = size[:2], self._stored_size
        return InputError(
            f"`{self._name.of(number)}` is {width} x {height} (width x "
            f"height), and the first frame {w} x {h}: frames of a film are of "
            "one size."
        )

    def _note_missing(self, numbers):
        missing = [
            number
            for number in range(numbers[0], numbers[-1])
            if number not in self._numbers
        ]
        if missing:
            self._note(
                f"`{self.path}`: numbers are missing ({name_numbers(missing)})"
                "; the frame before is held."
            )
