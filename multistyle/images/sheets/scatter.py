"""Pictures scattered over a white page, each as near its place as it fits."""

import itertools
import math

import numpy as np
from PIL import Image, ImageDraw

from multistyle.images.sheets.captions import captioned

GAP = 12
# The longest way between two places, in pictures a root of their number.
SPREAD = 2.4
# How finely free room is looked for, in steps a picture.
STEPS = 8
_INK = (38, 38, 38)


def scatter(pictures, titles, places):
    """Lays pictures out by their places in a plane.

    Where two would overlap, the later one moves to the nearest free room, and
    a thin line leads from it to its place, which is marked by a dot.

    Args:
        pictures: list of uint8 [H, W, 3], all of one size.
        titles: list of str, drawn under the pictures.
        places: float [N, 2], to the right and upwards, in any unit; both axes
            are drawn to the same scale.

    Returns:
        uint8 [h, w, 3].
    """
    cells = captioned(pictures, titles)
    height, width = cells[0].shape[:2]
    size = np.array((width, height))
    centres = np.asarray(places, np.float64) * (1, -1)
    longest = np.ptp(centres, axis=0).max()
    if longest > 0:
        span = SPREAD * math.sqrt(len(cells)) * max(height, width)
        centres *= span / longest
    corners = np.rint(centres - size / 2).astype(int)
    moved = make_room(corners, size + GAP)
    origin = moved.min(axis=0) - 2 * GAP
    right, bottom = moved.max(axis=0) - origin + size + 2 * GAP

    page = Image.new("RGB", (int(right), int(bottom)), "white")
    for cell, corner in zip(cells, moved, strict=True):
        page.paste(Image.fromarray(cell), tuple((corner - origin).tolist()))
    draw = ImageDraw.Draw(page)
    for place, wanted, corner in zip(centres, corners, moved, strict=True):
        if not np.array_equal(wanted, corner):
            end = np.clip(place, corner, corner + size)
            _draw_leader(draw, place - origin, end - origin)
    return np.array(page)


def make_room(corners, size):
    """Moves boxes apart until none overlap.

    One after the other takes the free room that is nearest to where it should
    stand; a box that is in nobody's way stays.

    Args:
        corners: int [N, 2], the upper left corner (x, y) of each box.
        size: int [2], (width, height) of all boxes.

    Returns:
        int [N, 2], the corners of boxes that do not overlap.
    """
    step = -(-size // STEPS)
    # Wide enough that the boxes before cannot block every place in it.
    reach = STEPS * (math.isqrt(len(corners)) + 2)
    offsets = np.array(
        list(itertools.product(range(-reach, reach + 1), repeat=2))
    )
    offsets = offsets * step
    order = np.argsort((offsets**2).sum(axis=1), kind="stable")
    offsets = offsets[order]
    taken = np.empty((0, 2), int)
    for corner in np.asarray(corners):
        for offset in offsets:
            apart = np.abs(taken - (corner + offset)) >= size
            if apart.any(axis=1).all():
                break
        taken = np.concatenate([taken, [corner + offset]])
    return taken


def _draw_leader(draw, place, end):
    line = [round(value) for value in (*place.tolist(), *end.tolist())]
    x, y = line[:2]
    for color, extra in (("white", 2), (_INK, 0)):
        draw.line(line, color, 1 + extra)
        radius = 2 + extra
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), color)
