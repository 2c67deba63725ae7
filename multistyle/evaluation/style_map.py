"""The styles of a network in two dimensions, alike beside alike."""

from typing import Any

import numpy as np

from multistyle.evaluation.diversity import measure_diversity, unit_rows
from multistyle.images.sheets.scatter import scatter
from multistyle.inference.stylizer import Stylizer
from multistyle.inference.swatches import show_style
from multistyle.network.styles import fingerprint

SWATCH_SIZE = 96
DECIMALS = 6


def project(rows: np.ndarray) -> tuple[np.ndarray, float]:
    """Projects rows onto their two principal axes.

    It is classical multidimensional scaling of their distances: coordinates
    are in the unit of the distances, and centred. Each axis points to the side
    of the style that lies farthest out on it, of two as far to the first.

    Args:
        rows: float64 [N, D].

    Returns:
        The coordinates, float64 [N, 2], and the share in [0, 1] of the
        variance that they show; 1 if all rows are equal.
    """
    centred = rows - rows.mean(axis=0)
    axes, scales, _ = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(rows), 2))
    shown = min(2, len(scales))
    places[:, :shown] = axes[:, :shown] * scales[:shown]
    # Rounded, so that of two as far the first counts on every machine.
    places = np.round(places, DECIMALS)
    farthest = np.abs(places).argmax(axis=0)
    places *= np.where(places[farthest, [0, 1]] < 0, -1, 1)
    total = (scales**2).sum()
    share = (scales[:2] ** 2).sum() / total if total > 1e-12 else 1.0
    return places, float(share)


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
    rows = unit_rows(stylizer.network)
    places, share = project(rows)
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
