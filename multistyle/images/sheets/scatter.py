"""A page on which pictures lie by their places in a plane."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.labels import INK

# White space between two pictures, in pixels.
GAP = 12
# The plane's longer side, for one picture, in pictures; for N it is this
# times the root of N, so that the page is about as full.
SPREAD = 2.4
# Where a place is taken, others are tried at distances of a picture's side
# divided by this.
STEPS = 8


def scatter(
    pictures: Sequence[np.ndarray],
    titles: Sequence[str],
    places: np.ndarray | Sequence[Sequence[float]],
) -> np.ndarray:
    """Lays pictures on a white page, each as near to its place as it can lie.

    Pictures do not overlap. One whose place is taken by a picture before it
    lies beside, and a thin line leads from it to a dot at its place.

    Args:
        pictures: list of N uint8 [H, W, 3], all of one size.
        titles: list of N texts, drawn under the pictures.
        places: float [N, 2], how far to the right and how far up, in any
            unit; both axes are drawn to the same scale.

    Returns:
        uint8 [h, w, 3].
    """
    cards = captioned(pictures, titles)
    height, width = cards[0].shape[:2]
    size = np.array((width, height))
    # From here on in pixels; y goes down.
    centres = np.asarray(places, np.float64) * (1, -1)
    longest = np.ptp(centres, axis=0).max()
    if longest > 0:
        span = SPREAD * math.sqrt(len(cards)) * max(height, width)
        centres *= span / longest
    wanted = np.rint(centres - size / 2).astype(int)
    corners = make_room(wanted, size + GAP)
    origin = corners.min(axis=0) - 2 * GAP
    right, bottom = corners.max(axis=0) - origin + size + 2 * GAP

    page = Image.new("RGB", (int(right), int(bottom)), "white")
    for card, corner in zip(cards, corners, strict=True):
        page.paste(Image.fromarray(card), tuple((corner - origin).tolist()))
    draw = ImageDraw.Draw(page)
    for centre, first, corner in zip(centres, wanted, corners, strict=True):
        if not np.array_equal(first, corner):
            edge = np.clip(centre, corner, corner + size)
            _draw_leader(draw, centre - origin, edge - origin)
    return np.array(page)


def make_room(corners: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Moves boxes of one size until none overlap.

    The boxes are laid down one after the other. Each lies where it should if
    no box before it is in the way, and otherwise at the nearest free one of
    the points of a grid around there.

    Args:
        corners: int [N, 2], (x, y) where the upper left corner of each box
            should lie.
        size: int [2], (width, height) of a box.

    Returns:
        int [N, 2], where the corners lie.
    """
    step = -(-size // STEPS)
    # So wide that the boxes before cannot take every point of the grid.
    reach = STEPS * (math.isqrt(len(corners)) + 2)
    offsets = np.array(
        list(itertools.product(range(-reach, reach + 1), repeat=2))
    )
    offsets = offsets * step
    nearest_first = np.argsort((offsets**2).sum(axis=1), kind="stable")
    offsets = offsets[nearest_first]
    laid = np.empty((0, 2), int)
    for corner in np.asarray(corners):
        for offset in offsets:
            is_apart = np.abs(laid - (corner + offset)) >= size
            if is_apart.any(axis=1).all():
                break
        laid = np.concatenate([laid, [corner + offset]])
    return laid


def _draw_leader(draw, place, edge):
    """Draws a dot and a line from it, with a white rim."""
    line = [round(value) for value in (*place.tolist(), *edge.tolist())]
    x, y = line[:2]
    for color, extra in (("white", 2), (INK, 0)):
        draw.line(line, color, 1 + extra)
        radius = 2 + extra
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), color)
