"""Patches: a few small parts of a picture that stand for all of it."""

import numpy as np

from multistyle.images.tiles import Window, cut
from multistyle.images.values import to_float

PATCH_SIZE = 64
# Distances in pixels at which a patch's contrast is measured.
_LAGS = (1, 2, 4, 8, 16)
_ROUNDS = 12
# Of more patches, every few are looked at: they are alike enough.
_MOST_PATCHES = 4096


def choose_patches(
    image: np.ndarray, num_patches: int
) -> tuple[list[Window], np.ndarray]:
    """Chooses patches of a picture, and how many others each stands for.

    The picture is cut into patches; those of like colour and contrast form a
    cluster (k-means), and one patch, the most typical, stands for each. The
    same picture gives the same patches.

    Args:
        image: [H, W, 3], uint8, uint16, or float in [0, 1].
        num_patches: int, at most so many are chosen.

    Returns:
        The pair of a list of `Window` and a float array of as many shares of
        the picture, which sum to 1.
    """
    patches = cut(image.shape[:2], PATCH_SIZE)
    if len(patches) > _MOST_PATCHES:
        places = np.linspace(0, len(patches) - 1, _MOST_PATCHES)
        patches = [patches[place] for place in places.astype(int)]
    areas = np.array([np.prod(patch.size) for patch in patches], np.float64)
    if len(patches) <= num_patches:
        return patches, areas / areas.sum()
    features = np.array([_describe(patch.of(image)) for patch in patches])
    features -= features.mean(axis=0)
    # Where nothing varies, there is nothing to tell patches apart by.
    features /= features.std(axis=0) + 1e-3
    nearest, distances = _cluster(features, num_patches)
    chosen, shares = [], []
    for cluster in np.unique(nearest):
        members = np.flatnonzero(nearest == cluster)
        typical = members[distances[members].argmin()]
        chosen.append(patches[typical])
        shares.append(areas[members].sum() / areas.sum())
    return chosen, np.array(shares)


def _describe(patch):
    """Returns a patch's mean colour and its contrast at several distances."""
    pixels = to_float(patch)
    light = pixels.mean(axis=2)
    contrasts = []
    for lag in _LAGS:
        for plane in (light, light.T):
            near = min(lag, len(plane) - 1)
            change = plane[near:] - plane[: len(plane) - near]
            contrasts.append(np.sqrt(np.mean(change**2)))
    return [*pixels.mean(axis=(0, 1)), *contrasts]


def _cluster(points, count):
    """Forms `count` clusters by Lloyd's k-means.

    Args:
        points: float array [P, K].
        count: int, below P.

    Returns:
        Each point's cluster, int [P], and its squared distance to the middle
        of it, float [P].
    """
    # Begun far apart: each next middle is the point farthest from the others.
    middles = [points[0]]
    distances = ((points - middles[0]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        middles.append(points[distances.argmax()])
        distances = np.minimum(
            distances, ((points - middles[-1]) ** 2).sum(axis=1)
        )
    middles = np.array(middles)
    for _ in range(_ROUNDS):
        nearest, distances = _assign(points, middles)
        for cluster in np.unique(nearest):
            middles[cluster] = points[nearest == cluster].mean(axis=0)
    return _assign(points, middles)


def _assign(points, middles):
    squares = (
        (points**2).sum(axis=1)[:, None]
        - 2 * points @ middles.T
        + (middles**2).sum(axis=1)
    )
    return squares.argmin(axis=1), np.maximum(squares.min(axis=1), 0)
