"""The styles of a network in two dimensions, alike beside alike."""

from typing import Any

import numpy as np

from multistyle.evaluation.diversity import measure_diversity
from multistyle.images.sheets.scatter import scatter
from multistyle.inference.stylizer import Stylizer
from multistyle.inference.swatches import show_style
from multistyle.network.growth import style_rows
from multistyle.network.places import DECIMALS, project, unit_rows
from multistyle.network.styles import fingerprint

SWATCH_SIZE = 96


def map_styles(stylizer: Stylizer) -> tuple[np.ndarray, dict[str, Any]]:
    """Draws the map of a network's styles.

    Args:
        stylizer: a `Stylizer`.

    Returns:
        The map, uint8 [H, W, 3], each style its painting, or else a swatch,
        with its name, and the same as a dict for JSON: "fingerprint",
        "share_shown", and in "styles" for each its "name", "x", "y",
        "nearest" and "distance"; of a single style the last two are None.
    """
    names = stylizer.style_names
    rows = style_rows(stylizer.network, names)
    places, share = project(unit_rows(rows))
    nearest = measure_diversity(stylizer.network)["nearest"]
    styles = []
    for name, (x, y) in zip(names, places, strict=True):
        near = nearest[name] or {"style": None, "distance": None}
        styles.append(
            {
                "name": name,
                "x": float(x),
                "y": float(y),
                "nearest": near["style"],
                "distance": near["distance"],
            }
        )
    pictures = [_square(show_style(stylizer, n, SWATCH_SIZE)) for n in names]
    return scatter(pictures, names, places), {
        "fingerprint": fingerprint(stylizer.network),
        "share_shown": round(share, DECIMALS),
        "styles": styles,
    }


def _square(picture: np.ndarray) -> np.ndarray:
    """Sets a picture in the middle of a white square."""
    height, width = picture.shape[:2]
    square = np.full((SWATCH_SIZE, SWATCH_SIZE, 3), 255, np.uint8)
    top, left = (SWATCH_SIZE - height) // 2, (SWATCH_SIZE - width) // 2
    square[top : top + height, left : left + width] = picture
    return square
