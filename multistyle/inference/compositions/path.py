"""A path: the photograph in blends from style to style."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.paths import parse_path, path_weights
from multistyle.blends.weights import StyleWeights, describe, style_weights
from multistyle.files.whole_folders import is_folder
from multistyle.images.codecs.animation import even_timing, write_animation
from multistyle.images.codecs.sources import Source
from multistyle.images.codecs.writing import write_image
from multistyle.images.sheets.sheet import strip
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer


class BlendPath(Composition):
    """The photograph in blends that lead from style to style.

    A name without a suffix, or a folder, gives numbered frames in a folder;
    the suffix .gif an animation; that of another format one picture, the
    frames side by side. Frames alone have the photograph's own size.

    Args:
        stylizer: a `Stylizer`.
        stops: text "A>B>C", or a list of blends, each as `style_weights`
            reads it.
        num_frames: int; None is four from each stop to the next.
        look: a `Look`.
    """

    noun = "path"
    fills_folders = True

    def __init__(
        self,
        stylizer: Stylizer,
        stops: str | Sequence[StyleWeights],
        *,
        num_frames: int | None = None,
        look: Look | None = None,
    ):
        super().__init__(stylizer, look=look)
        if isinstance(stops, str):
            parsed = parse_path(stops, self.style_names)
        else:
            parsed = np.stack(
                [style_weights(blend, self.style_names) for blend in stops]
            )
        self.names = [describe(blend, self.style_names) for blend in parsed]
        self.weights = path_weights(parsed, num_frames)

    def options(self) -> dict[str, Any]:
        return {
            "path": self.names,
            "frames": len(self.weights),
            **super().options(),
        }

    def outputs(self, output: str | os.PathLike[str]) -> list[Path]:
        if not is_folder(output):
            return super().outputs(output)
        digits = max(4, len(str(len(self.weights))))
        return [
            Path(output, f"frame_{number:0{digits}}.png")
            for number in range(1, len(self.weights) + 1)
        ]

    def write(
        self,
        photograph: Source,
        output: str | os.PathLike[str],
        overwrite: bool = False,
    ) -> None:
        self.check(output, overwrite)
        if is_folder(output):
            pixels = self.read(photograph, is_full_size=True)
            paths = self.outputs(output)
            for path, weights in zip(paths, self.weights, strict=True):
                frame = self.paint(pixels, weights)
                write_image(path, frame, overwrite=overwrite)
        elif Path(output).suffix.lower() == ".gif":
            write_animation(
                output,
                self.frames(self.read(photograph)),
                even_timing(len(self.weights)),
                overwrite=overwrite,
            )
        else:
            super().write(photograph, output, overwrite)

    def frames(self, photograph: np.ndarray) -> Iterator[np.ndarray]:
        """Yields the frames as they are shown, one at a time."""
        for weights in self.weights:
            yield self.paint_cell(photograph, weights)

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        return strip(list(self.frames(photograph)))
