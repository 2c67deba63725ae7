"""Blocks: a sheet of many rows, which go on beside."""

import math
from collections.abc import Sequence

import numpy as np

from multistyle.images.sheets.sheet import sheet

# Under the header; about what a screen shows of pictures as small as these.
MOST_ROWS = 24


def blocks(
    header: Sequence[np.ndarray],
    rows: Sequence[Sequence[np.ndarray | None]],
    *,
    header_title: str,
    row_titles: Sequence[str],
    cell_size: int = 256,
) -> np.ndarray:
    """Lays rows out under a header; many in blocks side by side.

    No block has more than 24 rows, and all are about as high; each begins
    with the header.

    Args:
        header: list of pictures, see `sheet`.
        rows: list of at least one row of pictures.
        header_title: the header's title.
        row_titles: one a row.
        cell_size: int, the longest side of a picture.

    Returns:
        uint8 [H, W, 3].
    """
    count = math.ceil(len(rows) / MOST_ROWS)
    size = math.ceil(len(rows) / count)
    empty = [[None] * len(header)] * (count * size - len(rows))
    rows, titles = [*rows, *empty], [*row_titles, *[""] * len(empty)]
    return np.concatenate(
        [
            sheet(
                [header, *rows[start : start + size]],
                row_titles=[header_title, *titles[start : start + size]],
                cell_size=(cell_size, cell_size) if count > 1 else cell_size,
            )
            for start in range(0, len(rows), size)
        ],
        axis=1,
    )
