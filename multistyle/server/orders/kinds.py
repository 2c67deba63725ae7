"""The kinds of jobs, and what makes each."""

import importlib.util

from multistyle.server.orders.lessons import order_lesson
from multistyle.server.orders.pictures import (
    order_grid,
    order_picture,
    order_preview,
)

KINDS = {
    "picture": order_picture,
    "preview": order_preview,
    "grid": order_grid,
    "learn": order_lesson,
}


def can_paint_films() -> bool:
    """Whether the extra `video` is installed; it is not imported."""
    return all(importlib.util.find_spec(name) for name in ("av", "cv2"))
