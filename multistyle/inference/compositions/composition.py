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
from multistyle.images.colors import check_keep_colors
from multistyle.images.resizing import resize_long_side
from multistyle.images.strength import check_strength
from multistyle.inference.compositions.look import Look
from multistyle.inference.passes.levels import DECIDING_SIZE, level_sizes
from multistyle.inference.runs.work import Work
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
    # The long side, in pixels, at which what is painted is shown, unless the
    # look has a size; None is the photograph's own.
    shown_size: int | None = 320
    keeps_alpha = False
    # Whether a folder as its output is filled with files that it names.
    fills_folders = False
    # How many numbered copies a folder gets of a photograph; None is one that
    # bears the photograph's name.
    copies: int | None = None

    def __init__(self, stylizer: Stylizer, *, look: Look | None = None):
        self.stylizer = stylizer
        self.style_names = stylizer.style_names
        self.look = look or Look()
        scale, tiling = self.look.stroke_scale, self.look.tiling
        self._stroke_scale = 1.0 if scale is None else scale
        self._tiling = "estimated" if tiling is None else tiling
        stylizer.painter(
            strokes=self.look.strokes,
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
        self,
        output: str | os.PathLike[str],
        overwrite: bool = False,
        *,
        makes: bool = True,
    ) -> None:
        """Raises InputError where `write` would refuse `output`.

        See `files.outputs.check_output_path`.
        """
        for path in self.outputs(output):
            check_output(path, overwrite=overwrite, makes=makes)

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

    def of_work(
        self, work: Work, digest: str | None
    ) -> "tuple[Composition, dict[str, Any]]":
        """Returns what paints one output of a run of many.

        Args:
            work: the `Work`.
            digest: SHA-256 of its photograph's file, or None where it cannot
                be read.

        Returns:
            A `Composition`, and what is to be recorded of it, for JSON.

        Raises:
            InputError: if there is none for this photograph.
        """
        return self, {}

    def read(
        self, path: Source, is_full_size: bool = False, is_deep: bool = False
    ) -> np.ndarray:
        """Reads a photograph, [H, W, 3 or 4], and reduces it.

        It is uint8, or, where `is_deep` asks for it, maybe uint16. With
        `is_full_size`, `shown_size` does not count.
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
        """Returns the long side of what is painted at most, or None."""
        if self.look.max_size or is_full_size or not self.shown_size:
            return self.look.max_size
        if self.look.strokes == "pixels":
            return self.shown_size
        # Of a cell, the first level is enough.
        return round(DECIDING_SIZE / min(1.0, self._stroke_scale))

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        """Makes a picture [h, w, 3 or 4] of a photograph [H, W, 3 or 4]."""
        raise NotImplementedError

    def show(self, picture: np.ndarray) -> np.ndarray:
        """Reduces a picture, [H, W, C], to the size at which it is shown."""
        size = self.look.max_size or self.shown_size
        if size and max(picture.shape[:2]) > size:
            picture = resize_long_side(picture, size)
        return picture

    def paint_cell(
        self, photograph: np.ndarray, weights: Region | StyleWeights
    ) -> np.ndarray:
        """Paints a photograph to be shown small, with its own strokes.

        What it looks like at full size is decided on the first of its levels,
        so that is painted, and then reduced.

        Args:
            photograph: [H, W, 3].
            weights: [N], or a `Region`.

        Returns:
            As `photograph` is, [h, w, 3].
        """
        size = max(photograph.shape[:2])
        scale = self._stroke_scale
        if self.look.strokes == "fitted" and not self.look.max_size:
            first_size = max(level_sizes(photograph.shape[:2], scale)[0])
            painted_size = min(size, max(first_size, self.shown_size or size))
            photograph = resize_long_side(photograph, painted_size)
            scale = min(painted_size, DECIDING_SIZE) / first_size
        painted = self._paint(photograph, weights, scale)
        return self.show(painted)

    def paint(
        self, photograph: np.ndarray, weights: Region | StyleWeights
    ) -> np.ndarray:
        """Paints in weights [N] or a `Region`; it is as `photograph` is."""
        return self._paint(photograph, weights, self._stroke_scale)

    def _paint(self, photograph, weights, stroke_scale):
        return self.stylizer.stylize(
            photograph,
            weights,
            strength=self.look.strength,
            keep_colors=self.look.keep_colors,
            extrapolate=True,  # Weights were checked where they came in.
            strokes=self.look.strokes,
            stroke_scale=stroke_scale,
            tiling=self._tiling,
            max_memory=self.look.max_memory,
            progress=self.look.progress,
        )
