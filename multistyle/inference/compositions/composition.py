"""What is made of one photograph: the base of blends, sheets and more."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.regions import Region
from multistyle.blends.weights import StyleWeights
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import Source
from multistyle.images.codecs.writing import check_output, write_image
from multistyle.images.colors import check_keep_colors, check_strength
from multistyle.images.resizing import resize_long_side
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer


class Composition:
    """One way to make a picture of a photograph.

    Args:
        stylizer: a `Stylizer`.
        look: a `Look`.

    Raises:
        InputError: for an option of the look that is out of its range.
    """

    # Of the name of the file, where the user gives none.
    noun: str | None = None
    default_size: int | None = 320
    keeps_alpha = False
    # Whether a folder as its output is filled with files that it names.
    fills_folders = False

    def __init__(self, stylizer: Stylizer, *, look: Look | None = None):
        self.stylizer = stylizer
        self.style_names = stylizer.style_names
        self.look = look or Look()
        scale, tiling = self.look.stroke_scale, self.look.tiling
        self._stroke_scale = 1.0 if scale is None else scale
        self._tiling = "estimated" if tiling is None else tiling
        stylizer.painter(
            stroke_scale=self._stroke_scale,
            tiling=self._tiling,
            max_memory=self.look.max_memory,
        )
        check_keep_colors(self.look.keep_colors)
        check_strength(self.look.strength)

    def options(self) -> dict[str, Any]:
        """Returns what decides how the picture looks, a dict for JSON."""
        return self.look.options()

    def outputs(self, output: str | os.PathLike[str]) -> list[Path]:
        """Returns the paths of the files that `write` makes."""
        return [Path(output)]

    def sources(self) -> list[Path]:
        """Returns the paths of the files, but photographs, that it reads."""
        return []

    def check(
        self, output: str | os.PathLike[str], overwrite: bool = False
    ) -> None:
        """Raises InputError where `write` would refuse `output`."""
        check_output(output, overwrite=overwrite)

    def write(
        self,
        photograph: Source,
        output: str | os.PathLike[str],
        overwrite: bool = False,
    ) -> None:
        """Writes the picture made of a photograph, whole or not at all.

        Args:
            photograph: path of a picture, or an open binary file.
            output: path of the file to write, in the format of its suffix.
            overwrite: bool, whether a file there may be replaced.

        Raises:
            InputError: if the one cannot be read or the other written.
        """
        self.check(output, overwrite)
        picture = self.compose(self.read(photograph))
        write_image(output, picture, overwrite=overwrite)

    def read(
        self, path: Source, is_full_size: bool = False, is_deep: bool = False
    ) -> np.ndarray:
        """Reads a photograph, [H, W, 3 or 4], and reduces it.

        It is uint8, or, where `is_deep` asks for it, maybe uint16. With
        `is_full_size`, `default_size` does not count.
        """
        pixels = read_image(
            path,
            keep_alpha=self.keeps_alpha,
            at_least=self._size(is_full_size),
            is_deep=is_deep,
            max_pixels=self.look.max_pixels,
        )
        return self.reduce(pixels, is_full_size)

    def reduce(
        self, pixels: np.ndarray, is_full_size: bool = False
    ) -> np.ndarray:
        """Reduces a photograph, [H, W, C], to the largest size wanted."""
        size = self._size(is_full_size)
        if size and max(pixels.shape[:2]) > size:
            pixels = resize_long_side(pixels, size)
        return pixels

    def _size(self, is_full_size):
        return self.look.max_size or (
            None if is_full_size else self.default_size
        )

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        """Makes a picture [h, w, 3 or 4] of a photograph [H, W, 3 or 4]."""
        raise NotImplementedError

    def paint(
        self, photograph: np.ndarray, weights: Region | StyleWeights
    ) -> np.ndarray:
        """Paints in weights [N] or a `Region`; it is as `photograph` is."""
        return self.stylizer.stylize(
            photograph,
            weights,
            strength=self.look.strength,
            keep_colors=self.look.keep_colors,
            extrapolate=True,  # Weights were checked where they came in.
            stroke_scale=self._stroke_scale,
            tiling=self._tiling,
            max_memory=self.look.max_memory,
            progress=self.look.progress,
        )
