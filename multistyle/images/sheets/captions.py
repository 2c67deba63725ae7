"""Pictures with their titles under them."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from multistyle.images.sheets.labels import draw_labels


def captioned(
    pictures: Sequence[np.ndarray], titles: Sequence[str]
) -> list[np.ndarray]:
    """Adds a title under each picture.

    Args:
        pictures: list of uint8 [H, W, 3], all of one size.
        titles: one a picture.

    Returns:
        list of uint8 [h, w, 3], all of one size; w is at least 96.
    """
    height, width = pictures[0].shape[:2]
    room = max(width, 96)
    labels = draw_labels(titles, room, max(12, width // 16))
    label_height = max(label.height for label in labels)
    cards = []
    for picture, label in zip(pictures, labels, strict=True):
        card = Image.new("RGB", (room, height + label_height), "white")
        card.paste(Image.fromarray(picture), ((room - width) // 2, 0))
        card.paste(label, ((room - label.width) // 2, height))
        cards.append(np.asarray(card))
    return cards
