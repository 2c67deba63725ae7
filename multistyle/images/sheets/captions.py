"""Pictures with their titles under them."""

import numpy as np
from PIL import Image

from multistyle.images.sheets.labels import draw_labels


def captioned(pictures, titles):
    """Adds a title under each picture.

    Args:
        pictures: list of uint8 [H, W, 3], all of one size.
        titles: list of str, one a picture.

    Returns:
        List of uint8 [h, w, 3], all of one size; w is at least 96.
    """
    height, width = pictures[0].shape[:2]
    room = max(width, 96)
    labels = draw_labels(titles, room, max(12, width // 16))
    label_height = max(label.height for label in labels)
    cells = []
    for picture, label in zip(pictures, labels, strict=True):
        cell = Image.new("RGB", (room, height + label_height), "white")
        cell.paste(Image.fromarray(picture), ((room - width) // 2, 0))
        cell.paste(label, ((room - label.width) // 2, height))
        cells.append(np.asarray(cell))
    return cells
