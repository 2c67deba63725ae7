"""Masks that change from frame to frame: films of grey, numbered frames."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.masks import Mask, lightness
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.formats import IMAGE_SUFFIXES
from multistyle.video.decoding.films import open_film
from multistyle.video.material.film_source import FilmSource, Frame
from multistyle.video.material.numbered import is_numbered

# What moves may be a mask that moves.
_MOVING_SUFFIXES = (".gif", ".webp")


class StillMask:
    """A mask that does not change.

    Args:
        mask: a `Mask`, which is brought to the film's size.
        film: the `FilmSource` that is painted.

    Raises:
        InputError: if the two have another aspect.
    """

    is_still = True

    def __init__(self, mask: Mask, film: FilmSource) -> None:
        self._mask = mask.fit(film.size)
        self._fingerprint = mask.fingerprint()

    def at(self, frame: Frame) -> Mask:
        """Returns the `Mask` of a frame of the film, of its size."""
        return self._mask

    def identity(self) -> Any:
        """Returns what for JSON it is known by."""
        return self._fingerprint


class MaskFilm:
    """A mask that changes: of each frame that of the nearest time.

    Where it ends before the film, its last frame stays. Of numbered frames
    each belongs to a frame of the film.

    Args:
        path: of a film, or of numbered frames, as "mask_%04d.png".
        film: the `FilmSource` that is painted.
        end: seconds after which it is not needed; None is the film's end.
        note: told in one line what is done where the two differ in length,
            rate or size.

    Raises:
        InputError: if it cannot be read, or has another aspect.
    """

    is_still = False

    def __init__(
        self,
        path: str | os.PathLike[str],
        film: FilmSource,
        *,
        end: float | None = None,
        note: Callable[[str], None],
    ) -> None:
        self._is_numbered = _is_numbered(path)
        self._reader = open_film(
            path, fps=film.rate if self._is_numbered else None, note=note
        )
        self._size = film.size
        lines: list[str] = []
        trial = np.zeros(self._reader.size, np.uint8)
        Mask(trial, name=str(path), note=lines.append).fit(film.size)
        lines += _differences(self._reader, film, self._is_numbered, end)
        if lines:
            note(" ".join(lines))
        self._frames: Iterator[Frame] = iter(())
        self._asked = 0
        self._now: Frame | None = None
        self._next: Frame | None = None
        self._mask: Mask | None = None

    def at(self, frame: Frame) -> Mask:
        """Returns the `Mask` of a frame of the film, of its size.

        Frames are best asked for in order.
        """
        # The nearest own frame may be a later one, and stays for the next.
        if self._now is None or frame.index < self._asked:
            self.close()
            self._frames = self._reader.frames()
            self._now = next(self._frames, None)
            self._next = next(self._frames, None)
            self._mask = None
        self._asked = frame.index
        while self._next is not None and self._is_nearer(frame):
            self._now, self._next = self._next, next(self._frames, None)
            self._mask = None
        if self._mask is None:
            self._mask = self._read()
        return self._mask

    def identity(self) -> Any:
        """Returns what for JSON it is known by."""
        return self._reader.identity

    def close(self) -> None:
        """Closes its file."""
        with contextlib.suppress(AttributeError):
            self._frames.close()  # type: ignore[attr-defined]

    def _distance(self, own, frame):
        """Returns how much later a frame of the film is than an own one."""
        if self._is_numbered:
            return frame.index - own.index
        return frame.seconds - own.seconds

    def _is_nearer(self, frame):
        before = self._distance(self._now, frame)
        after = self._distance(self._next, frame)
        return abs(after) < before

    def _read(self):
        if self._now is None:
            raise InputError(f"`{self._reader.path}` has no frame.")
        pixels = self._now.pixels
        if self._now.alpha is not None:
            pixels = np.dstack([pixels, self._now.alpha])
        mask = Mask(lightness(pixels), name=str(self._reader.path))
        return mask.fit(self._size)


def open_mask(
    spec: Any,
    film: FilmSource,
    *,
    end: float | None = None,
    note: Callable[[str], None],
) -> StillMask | MaskFilm:
    """Opens the mask of a film.

    Args:
        spec: the path of a picture, of a film of grey, or of numbered frames;
            an array [H, W] (uint8, or float in [0, 1]), or a `Mask`.
        film: the `FilmSource` that is painted.
        end: seconds after which it is not needed; None is the film's end.
        note: told in lines of text what is done to fit it.

    Raises:
        InputError: if it cannot be read, or has another aspect.
    """
    if isinstance(spec, Mask):
        return StillMask(spec, film)
    if not isinstance(spec, (str, os.PathLike)):
        return StillMask(Mask(np.asarray(spec), note=note), film)
    suffix = Path(spec).suffix.lower()
    is_picture = suffix in IMAGE_SUFFIXES and suffix not in _MOVING_SUFFIXES
    if is_picture and not _is_numbered(spec):
        return StillMask(Mask.read(spec, note=note), film)
    return MaskFilm(spec, film, end=end, note=note)


def _is_numbered(path):
    return is_numbered(path) and not os.path.isfile(expand_home(path))


def _differences(mask, film, is_numbered, end):
    """Yields sentences on a rate or a length that differs."""
    if not is_numbered and abs(mask.rate / film.rate - 1) > 0.001:
        yield (
            f"The mask `{mask.path}` has {float(mask.rate):.5g} frames a "
            f"second, the film {float(film.rate):.5g}: each frame gets that of "
            "the nearest time."
        )
    if mask.num_frames is None or film.num_frames is None:
        return
    length, wanted = (each.num_frames / each.rate for each in (mask, film))
    needed = wanted if end is None else min(wanted, end)
    if length + 1 / mask.rate <= needed:
        yield (
            f"The mask `{mask.path}` is {float(length):.2f} s long, the film "
            f"{float(wanted):.2f} s: its last frame stays."
        )
