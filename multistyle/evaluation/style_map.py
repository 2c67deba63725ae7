"""The styles of a network in two dimensions, alike beside alike."""

import numpy as np

from multistyle.images.scatter import scatter
from multistyle.inference.swatches import paint_swatch
from multistyle.network.growth import style_rows
from multistyle.network.styles import fingerprint

SWATCH_SIZE = 112
DECIMALS = 6


def unit_rows(network):
    """Returns all numbers of each style, brought to length 1.

    The distance of two such rows, 0 to 2, depends on no third style. Over the
    66 pairs of the bundled `paintings` it ranks the styles as VGG-16's Gram
    matrices rank their pictures, with a Spearman correlation of 0.75; with
    each number or each table scaled by its own spread, 0.71 to 0.72.

    Args:
        network: a `TransformNetwork`.

    Returns:
        float64 [N, D].
    """
    tables = style_rows(network, network.style_names).values()
    rows = np.concatenate([t for pair in tables for t in pair], axis=1)
    rows = rows.astype(np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def distances(rows):
    """Returns the distance of each pair: float64 [N, D] to [N, N]."""
    return np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))


def project(rows):
    """Projects rows onto their two principal axes.

    It is classical multidimensional scaling of their distances: coordinates
    are in the unit of the distances, and centred. Of the two directions of an
    axis the one is chosen in which the farthest style, in doubt the first,
    lies on the positive side.

    Args:
        rows: float64 [N, D].

    Returns:
        The coordinates, float64 [N, 2], and the share of the variance in
        [0, 1] that they show; 1 if all rows are equal.
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


def map_styles(stylizer):
    """Draws the map of a network's styles.

    Args:
        stylizer: a `Stylizer`.

    Returns:
        The map, uint8 [H, W, 3], each style a swatch with its name, and the
        same as a dict for JSON: "fingerprint", "share_shown", and in "styles"
        for each its "name", "x", "y", "nearest" and "distance"; of a single
        style the last two are None.
    """
    names = stylizer.style_names
    rows = unit_rows(stylizer.network)
    places, share = project(rows)
    away = distances(rows)
    np.fill_diagonal(away, np.inf)
    styles = []
    for i, name in enumerate(names):
        nearest = int(away[i].argmin())
        has_one = nearest != i
        styles.append(
            {
                "name": name,
                "x": float(places[i, 0]),
                "y": float(places[i, 1]),
                "nearest": names[nearest] if has_one else None,
                "distance": (
                    round(float(away[i, nearest]), DECIMALS)
                    if has_one
                    else None
                ),
            }
        )
    swatches = [paint_swatch(stylizer, name, SWATCH_SIZE) for name in names]
    return scatter(swatches, names, places), {
        "fingerprint": fingerprint(stylizer.network),
        "share_shown": round(share, DECIMALS),
        "styles": styles,
    }
