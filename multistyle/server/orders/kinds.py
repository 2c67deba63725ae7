"""The kinds of jobs, and what makes each."""

import importlib.util

from multistyle.server.orders.films import order_film, order_trial
from multistyle.server.orders.lessons import order_lesson
from multistyle.server.orders.pictures import (
    order_grid,
    order_picture,
    order_preview,
)
from multistyle.server.orders.walks import order_path

KINDS = {
    "picture": order_picture,
    "preview": order_preview,
    "grid": order_grid,
    "path": order_path,
    "film": order_film,
    "trial": order_trial,
    "learn": order_lesson,
}


def can_paint_films() -> bool:
    """Whether the extra `video` is installed; it is not imported."""
    return all(importlib.util.find_spec(name) for name in ("av", "cv2"))
