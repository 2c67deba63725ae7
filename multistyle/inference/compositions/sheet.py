"""A sheet: the photograph in every style."""

import math
from typing import Any

import numpy as np

from multistyle.blends.weights import one_hot
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.compositions.composition import Composition

PHOTOGRAPH_TITLE = "photograph"


class Sheet(Composition):
    """The photograph in every style, with the names, about square."""

    noun = "sheet"

    def options(self) -> dict[str, Any]:
        return {"sheet": True, **super().options()}

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        pictures = [photograph]
        for name in self.style_names:
            weights = one_hot(name, self.style_names)
            pictures.append(self.paint(photograph, weights))
        cards = captioned(pictures, [PHOTOGRAPH_TITLE, *self.style_names])
        columns = math.ceil(math.sqrt(len(cards)))
        return sheet(
            [cards[i : i + columns] for i in range(0, len(cards), columns)],
            cell_size=cards[0].shape[:2],
        )
