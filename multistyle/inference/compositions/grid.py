"""A grid: the photograph in the blends of four styles."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from multistyle.blends.grids import grid_weights, parse_grid
from multistyle.blends.weights import StyleWeights, describe, style_weights
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer


class Grid(Composition):
    """The photograph in the blends of four styles, one in each corner.

    Args:
        stylizer: a `Stylizer`.
        corners: text "A,B,C,D": top left and right, bottom left and right; or
            a list of four blends, each as `style_weights` reads it.
        columns, rows: how many blends across and down, each at least 2.
        look: a `Look`.
    """

    noun = "grid"

    def __init__(
        self,
        stylizer: Stylizer,
        corners: str | Sequence[StyleWeights],
        *,
        columns: int = 5,
        rows: int = 5,
        look: Look | None = None,
    ):
        super().__init__(stylizer, look=look)
        if isinstance(corners, str):
            parsed = parse_grid(corners, self.style_names)
        else:
            parsed = np.stack(
                [style_weights(blend, self.style_names) for blend in corners]
            )
        self.names = [describe(blend, self.style_names) for blend in parsed]
        self.weights = grid_weights(parsed, columns=columns, rows=rows)

    def options(self) -> dict[str, Any]:
        return {"grid": self.names, **super().options()}

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        rows = [
            [self.paint_cell(photograph, weights) for weights in row]
            for row in self.weights
        ]
        titles = [""] * len(rows)
        titles[0] = " > ".join(self.names[:2])
        titles[-1] = " > ".join(self.names[2:])
        return sheet(
            rows, row_titles=titles, cell_size=max(rows[0][0].shape[:2])
        )
