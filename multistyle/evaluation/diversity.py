"""Diversity: how far apart the styles of a network are."""

from typing import Any

import numpy as np

from multistyle.network.growth import style_rows
from multistyle.network.places import DECIMALS, unit_rows
from multistyle.network.transform import TransformNetwork


def distances(rows: np.ndarray) -> np.ndarray:
    """Returns the distance of each pair: float64 [N, D] to [N, N]."""
    # Row by row: all differences at once would take N times the memory.
    return np.stack([np.linalg.norm(rows - row, axis=1) for row in rows])


def measure_diversity(network: TransformNetwork) -> dict[str, Any]:
    """Measures the distances between a network's styles.

    Args:
        network: a `TransformNetwork` of N styles.

    Returns:
        Dict for JSON: "distances", a list of N lists of the distances of the
        styles' rows, 0 to 2, and "nearest", dict style -> {"style",
        "distance"}, or None where there is no other.
    """
    names = network.style_names
    away = distances(unit_rows(style_rows(network, names)))
    nearest = {}
    for i, name in enumerate(names):
        others = np.where(np.arange(len(names)) == i, np.inf, away[i])
        j = int(others.argmin())
        nearest[name] = (
            {
                "style": names[j],
                "distance": round(float(away[i, j]), DECIMALS),
            }
            if j != i
            else None
        )
    return {"distances": away.tolist(), "nearest": nearest}
