"""A blend: the photograph painted, and the rest of its file kept."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.regions import Region
from multistyle.blends.weights import StyleWeights
from multistyle.images.codecs.sources import Source
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.copies import write_copy
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer


class Blend(Composition):
    """The photograph, painted in one blend; the rest of its file is kept.

    Args:
        stylizer: a `Stylizer`.
        style_weights, extrapolate: see `Stylizer.stylize`; a `Region` may
            vary over the picture and leave parts of it as they are.
        look: a `Look`.
        strip_metadata: whether to leave out the EXIF data.
        description: what is added to the EXIF data, or None.
    """

    noun = "stylized"
    shown_size: int | None = None
    keeps_alpha = True

    def __init__(
        self,
        stylizer: Stylizer,
        style_weights: Region | StyleWeights,
        *,
        look: Look | None = None,
        extrapolate: bool = False,
        strip_metadata: bool = False,
        description: str | None = None,
    ):
        super().__init__(stylizer, look=look)
        self.strip_metadata = strip_metadata
        self._description = description
        self.region = stylizer.region(style_weights, extrapolate=extrapolate)

    def options(self) -> dict[str, Any]:
        options = self.region.options(self.style_names) | super().options()
        if self.strip_metadata:
            options["strip_metadata"] = True
        return options

    def sources(self) -> list[Path]:
        paths = [mask.path for mask in self.region.masks]
        return [path for path in paths if path is not None]

    def write(
        self,
        photograph: Source,
        output: str | os.PathLike[str],
        overwrite: bool = False,
    ) -> None:
        self.check(output, overwrite)
        write_copy(
            self,
            photograph,
            output,
            overwrite,
            self.strip_metadata,
            self._description,
        )

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        return self.paint(photograph, self.region)
