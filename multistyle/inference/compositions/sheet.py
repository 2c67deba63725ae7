"""A sheet: the photograph in every style, or in some."""

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.weights import one_hot
from multistyle.errors import InputError
from multistyle.files.whole_folders import is_folder
from multistyle.images.codecs.sources import Source
from multistyle.images.codecs.writing import write_image
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer

PHOTOGRAPH_TITLE = "photograph"
# With the photograph, five rows of five.
STYLES_A_PAGE = 24


class Sheet(Composition):
    """The photograph in every style, with the names, about square.

    A name without a suffix, or a folder, gives pages in a folder, each of the
    photograph and at most 24 styles; another name one picture of all.

    Args:
        stylizer: a `Stylizer`.
        styles: list of style names, in the order of the sheet; None is all.
        look: a `Look`.

    Raises:
        InputError: for a style that there is not, or for none.
    """

    noun = "sheet"
    fills_folders = True

    def __init__(
        self,
        stylizer: Stylizer,
        *,
        styles: Sequence[str] | None = None,
        look: Look | None = None,
    ):
        super().__init__(stylizer, look=look)
        self._is_whole = styles is None
        self.styles = list(self.style_names if styles is None else styles)
        if not self.styles:
            raise InputError("A sheet shows at least one style; got none.")
        self._weights = {
            name: one_hot(name, self.style_names) for name in self.styles
        }

    def options(self) -> dict[str, Any]:
        # A run of before styles could be chosen goes on.
        chosen = {} if self._is_whole else {"styles": self.styles}
        return {"sheet": True, **chosen, **super().options()}

    def outputs(self, output: str | os.PathLike[str]) -> list[Path]:
        if not is_folder(output):
            return super().outputs(output)
        count = len(self._pages())
        return [
            Path(output, f"page_{number:0{len(str(count))}}.png")
            for number in range(1, count + 1)
        ]

    def write(
        self,
        photograph: Source,
        output: str | os.PathLike[str],
        overwrite: bool = False,
    ) -> None:
        if not is_folder(output):
            super().write(photograph, output, overwrite)
            return
        self.check(output, overwrite)
        pixels = self.read(photograph)
        for path, names in zip(
            self.outputs(output), self._pages(), strict=True
        ):
            write_image(path, self._page(pixels, names), overwrite=overwrite)

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        return self._page(photograph, self.styles)

    def _pages(self):
        """Returns the names of each page's styles; pages are about as full."""
        count = math.ceil(len(self.styles) / STYLES_A_PAGE)
        size = math.ceil(len(self.styles) / count)
        starts = range(0, len(self.styles), size)
        return [self.styles[start : start + size] for start in starts]

    def _page(self, photograph, names):
        pictures = [self.show(photograph)] + [
            self.paint_cell(photograph, self._weights[n]) for n in names
        ]
        cards = captioned(pictures, [PHOTOGRAPH_TITLE, *names])
        columns = math.ceil(math.sqrt(len(cards)))
        return sheet(
            [cards[i : i + columns] for i in range(0, len(cards), columns)],
            cell_size=cards[0].shape[:2],
        )
