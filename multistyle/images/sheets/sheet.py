"""Sheets: many pictures on one white page, with their names."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from multistyle.images.resizing import scale
from multistyle.images.sheets.labels import draw_labels
from multistyle.images.values import to_uint8


def sheet(
    rows: Sequence[Sequence[np.ndarray | None]],
    *,
    row_titles: Sequence[str] | None = None,
    column_titles: Sequence[str] | None = None,
    cell_size: int | tuple[int, int] = 256,
) -> np.ndarray:
    """Lays pictures out in a grid, with titles to the left and above.

    Args:
        rows: list of rows, each a list of [H, W, 3] pictures, uint8 or float
            in [0, 1], of any sizes. None leaves a cell empty, and so does the
            end of a row that is shorter than another.
        row_titles: one a row.
        column_titles: one a column.
        cell_size: the room for a picture, which is scaled to fit and centred:
            (height, width), or one number for the longest side; then cells
            are no larger than the pictures need.

    Returns:
        uint8 [H, W, 3].

    Raises:
        ValueError: if there is no picture, or the number of titles is not
            the number of rows or columns; the message gives both.
    """
    num_columns = max((len(row) for row in rows), default=0)
    for noun, titles, count in (
        ("row", row_titles, len(rows)),
        ("column", column_titles, num_columns),
    ):
        if titles is not None and len(titles) != count:
            raise ValueError(
                f"{len(titles)} titles are given for {count} {noun}s."
            )
    cells = {
        (i, j): image
        for i, row in enumerate(rows)
        for j, image in enumerate(row)
        if image is not None
    }
    if not cells:
        raise ValueError("A sheet needs at least one picture.")
    if isinstance(cell_size, int):
        room = (cell_size, cell_size)
    else:
        room = cell_size
    cells = {place: _fit(image, room) for place, image in cells.items()}
    if isinstance(cell_size, int):
        sizes = [image.shape[:2] for image in cells.values()]
        height, width = np.max(sizes, axis=0).tolist()
    else:
        height, width = cell_size

    gutter = max(4, min(height, width) // 24)
    margin = 2 * gutter
    font_size = min(48, max(12, min(height, width) // 12))
    left = top = margin
    if row_titles is not None:
        row_labels = draw_labels(
            row_titles, max(96, width * 2 // 3), font_size, align="right"
        )
        left += max(label.width for label in row_labels) + margin
    if column_titles is not None:
        column_labels = draw_labels(column_titles, width, font_size)
        top += max(label.height for label in column_labels) + gutter
    right = left + num_columns * (width + gutter) - gutter
    bottom = top + len(rows) * (height + gutter) - gutter

    page = Image.new("RGB", (right + margin, bottom + margin), "white")
    for (i, j), image in cells.items():
        x = left + j * (width + gutter) + (width - image.shape[1]) // 2
        y = top + i * (height + gutter) + (height - image.shape[0]) // 2
        page.paste(Image.fromarray(image), (x, y))
    if row_titles is not None:
        for i, label in enumerate(row_labels):
            y = top + i * (height + gutter) + (height - label.height) // 2
            page.paste(label, (left - margin - label.width, y))
    if column_titles is not None:
        for j, label in enumerate(column_labels):
            x = left + j * (width + gutter) + (width - label.width) // 2
            page.paste(label, (x, top - gutter - label.height))
    return np.array(page)


def strip(images: Sequence[np.ndarray]) -> np.ndarray:
    """Sets pictures side by side, with a thin white line between them.

    Args:
        images: list of [H, W, 3], uint8 or float in [0, 1], of one height.

    Returns:
        uint8 [H, W, 3], H being the height of the pictures.

    Raises:
        ValueError: if there is no picture, or the heights differ.
    """
    if not images:
        raise ValueError("A strip needs at least one picture.")
    height = images[0].shape[0]
    line = np.full((height, max(2, height // 64), 3), 255, np.uint8)
    parts = [part for image in images for part in (line, to_uint8(image))]
    return np.concatenate(parts[1:], axis=1)


def _fit(image, room):
    """Scales a picture as large as it fits into `room`, (height, width)."""
    height, width = image.shape[:2]
    factor = min(room[0] / height, room[1] / width)
    return scale(to_uint8(image), factor)
