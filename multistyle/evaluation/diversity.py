"""Diversity: how far apart the styles of a network are."""

import numpy as np

from multistyle.evaluation.style_map import distances, unit_rows


def measure_diversity(network):
    """Measures the distances between a network's styles.

    Args:
        network: a `TransformNetwork` of N styles.

    Returns:
        Dict for JSON: "distances", a list of N lists of the distances of the
        styles' rows, 0 to 2, and "nearest", dict style -> {"style",
        "distance"}, or None where there is no other.
    """
    names = network.style_names
    away = distances(unit_rows(network))
    nearest = {}
    for i, name in enumerate(names):
        others = np.where(np.arange(len(names)) == i, np.inf, away[i])
        j = int(others.argmin())
        nearest[name] = (
            {"style": names[j], "distance": float(away[i, j])}
            if j != i
            else None
        )
    return {"distances": away.tolist(), "nearest": nearest}
