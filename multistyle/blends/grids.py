"""Grids: blends of four styles, one in each corner."""

from collections.abc import Sequence

import numpy as np

from multistyle.blends.weights import one_hot
from multistyle.errors import InputError


def grid_weights(
    corners: np.ndarray, *, columns: int = 5, rows: int = 5
) -> np.ndarray:
    """Blends four styles over a grid, bilinearly.

    Args:
        corners: float array [4, N], the weights at the top left, the top
            right, the bottom left and the bottom right.
        columns, rows: how many blends across and down, each at least 2.

    Returns:
        float32 array [rows, columns, N] whose corners are exactly `corners`.

    Raises:
        InputError: if there are fewer columns or rows.
    """
    if min(columns, rows) < 2:
        raise InputError(
            f"A grid has at least 2 columns and 2 rows; got `{columns}` and "
            f"`{rows}`."
        )
    corners = np.asarray(corners, np.float64)
    right = np.linspace(0, 1, columns)[None, :, None]
    down = np.linspace(0, 1, rows)[:, None, None]
    top = (1 - right) * corners[0] + right * corners[1]
    bottom = (1 - right) * corners[2] + right * corners[3]
    return ((1 - down) * top + down * bottom).astype(np.float32)


def parse_grid(text: str, style_names: Sequence[str]) -> np.ndarray:
    """Reads "A,B,C,D", the styles at the corners of a grid.

    Args:
        text: four names: top left, top right, bottom left, bottom right.
        style_names: list of the N names of the network.

    Returns:
        float32 array [4, N], one-hot.

    Raises:
        InputError: if there are not four, or one is unknown.
    """
    names = text.split(",")
    if len(names) != 4:
        raise InputError(
            f"A grid is given as `A,B,C,D`, four styles; got `{text}`."
        )
    return np.stack([one_hot(name.strip(), style_names) for name in names])
