"""Masks: how far a picture is painted, pixel by pixel."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.reading import read_image
from multistyle.images.tiles import Window
from multistyle.images.values import to_float


class Mask:
    """A number from 0 (not at all) to 1 (white, fully) for each pixel.

    Args:
        pixels: [H, W], uint8, bool, or float in [0, 1]; kept as it is, and
            only the windows that are asked for become float32.
        name: what messages call it.
        path: of its file, or None.
        note: None, or a function that is called with one line when the mask
            is resized.

    Raises:
        InputError: for another shape, and for numbers outside [0, 1].
    """

    def __init__(
        self,
        pixels: np.ndarray,
        *,
        name: str = "mask",
        path: Path | None = None,
        note: Callable[[str], None] | None = None,
    ) -> None:
        pixels = np.asarray(pixels)
        if pixels.ndim != 2 or pixels.size == 0:
            raise InputError(
                f"The mask `{name}` has the shape `[H, W]`; got "
                f"`{list(pixels.shape)}`."
            )
        if pixels.dtype == bool:
            pixels = pixels.astype(np.float32)
        if pixels.dtype != np.uint8:
            if pixels.dtype.kind != "f":
                raise InputError(
                    f"The mask `{name}` is uint8, or float in [0, 1]; got "
                    f"`{pixels.dtype}`."
                )
            # Written so that NaN fails, too.
            if not (pixels.min() >= 0 and pixels.max() <= 1):
                raise InputError(
                    f"The mask `{name}` lies in [0, 1]; got "
                    f"[{pixels.min():g}, {pixels.max():g}]."
                )
            pixels = pixels.astype(np.float32, copy=False)
        self.pixels = pixels
        self.name = name
        self.path = path
        self.note = note

    @classmethod
    def read(
        cls,
        path: str | os.PathLike[str],
        *,
        note: Callable[[str], None] | None = None,
        max_pixels: float | None = None,
    ) -> "Mask":
        """Reads the lightness of a picture; what is transparent is black.

        Args:
            path: of a picture that `read_image` reads.
            note: see the constructor.
            max_pixels: the most that the file may have; None is 200 million.

        Raises:
            InputError: if it cannot be read.
        """
        pixels = read_image(path, keep_alpha=True, max_pixels=max_pixels)
        return cls(
            lightness(pixels), name=str(path), path=expand_home(path), note=note
        )

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.pixels.shape

    def fit(self, size: tuple[int, int]) -> "Mask":
        """Returns the mask at the size of a picture, (height, width).

        A mask of another size is resized, and `note` is told. Its aspect may
        differ by what rounding to whole pixels makes of it.

        Raises:
            InputError: if the two have another aspect; it names both sizes.
        """
        if self.size == tuple(size):
            return self
        (height, width), (own_height, own_width) = size, self.size
        difference = abs(own_width * height - width * own_height)
        if difference > max(height, width, own_height, own_width):
            raise InputError(
                f"The mask `{self.name}` of {_text(self.size)} has not the "
                f"aspect of its picture of {_text(size)}: crop the mask."
            )
        if self.note is not None:
            self.note(
                f"The mask `{self.name}` of {_text(self.size)} is resized to "
                f"the picture's {_text(size)}."
            )
        return Mask(self.resized(size), name=self.name, path=self.path)

    def scaled(self, opacity: float) -> "Mask":
        """Returns the mask at an opacity in [0, 1], itself at 1."""
        if opacity == 1:
            return self
        return Mask(self.at() * np.float32(opacity), name=self.name)

    def resized(self, size: tuple[int, int]) -> np.ndarray:
        """Returns the pixels at another size, antialiased, of any aspect.

        The filter is bilinear; a sharper one would overshoot at an edge, which
        shows as a line beside it.
        """
        image = Image.fromarray(self.pixels)
        return np.array(
            image.resize((size[1], size[0]), Image.Resampling.BILINEAR)
        )

    def at(self, window: Window | None = None) -> np.ndarray:
        """Returns float32 [h, w] in [0, 1] of a window; None is the whole."""
        return to_float(window.of(self.pixels) if window else self.pixels)

    def fingerprint(self) -> str:
        """Returns the name and a hash of what the mask holds, as text."""
        return fingerprint(self.name, self.pixels)


def lightness(pixels: np.ndarray) -> np.ndarray:
    """Returns uint8 [H, W], the lightness of uint8 [H, W, 3 or 4].

    What is transparent is black.
    """
    light = np.array(Image.fromarray(pixels[..., :3]).convert("L"))
    if pixels.shape[2] == 3:
        return light
    return np.rint(light * to_float(pixels[..., 3])).astype(np.uint8)


def fingerprint(name: str, array: np.ndarray) -> str:
    """Returns a name and a hash of an array, "name@0123abcd"."""
    digest = hashlib.sha256(repr((array.shape, array.dtype.str)).encode())
    digest.update(np.ascontiguousarray(array).data)
    return f"{name}@{digest.hexdigest()[:8]}"


def _text(size):
    return f"{size[1]} x {size[0]} pixels"
