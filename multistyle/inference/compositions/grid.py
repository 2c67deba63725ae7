"""A grid: the photograph in the blends of four styles."""

from typing import Any

import numpy as np

from multistyle.blends.grids import grid_weights, parse_grid
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.stylizer import Stylizer


class Grid(Composition):
    """The photograph in the blends of four styles, one in each corner.

    Args:
        stylizer: a `Stylizer`.
        corners: text "A,B,C,D": top left and right, bottom left and right.
        look: a `Look`.
    """

    noun = "grid"

    def __init__(
        self, stylizer: Stylizer, corners: str, *, look: Look | None = None
    ):
        super().__init__(stylizer, look=look)
        self.corners = parse_grid(corners, self.style_names)
        self.names = [name.strip() for name in corners.split(",")]

    def options(self) -> dict[str, Any]:
        return {"grid": self.names, **super().options()}

    def compose(self, photograph: np.ndarray) -> np.ndarray:
        rows = [
            [self.paint_cell(photograph, weights) for weights in row]
            for row in grid_weights(self.corners)
        ]
        titles = [""] * len(rows)
        titles[0] = " > ".join(self.names[:2])
        titles[-1] = " > ".join(self.names[2:])
        return sheet(
            rows, row_titles=titles, cell_size=max(rows[0][0].shape[:2])
        )
