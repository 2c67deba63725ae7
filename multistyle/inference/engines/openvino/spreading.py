"""Rows of all layers, spread over the channels that these have in a graph."""

from collections.abc import Iterator

import numpy as np

from multistyle.inference.engines.engine import Moments
from multistyle.inference.engines.openvino.cache import GraphFacts
from multistyle.network.architecture import LAYER_NAMES


def spread(rows: np.ndarray, facts: GraphFacts) -> np.ndarray:
    """Repeats [R] for the pixels of each layer's blocks: [1, S, 1, 1]."""
    ends = np.cumsum(facts.filters)
    layers = zip(np.split(rows, ends[:-1]), facts.num_channels, strict=True)
    repeated = [np.resize(layer, channels) for layer, channels in layers]
    return np.concatenate(repeated, dtype=np.float32).reshape(1, -1, 1, 1)


def spread_moments(
    moments: Moments | None, facts: GraphFacts
) -> Iterator[np.ndarray]:
    """Yields the given means and variances, each [1, S, 1, 1]; or zeros."""
    for i in (0, 1):
        if moments is None:
            rows = np.zeros(sum(facts.filters), np.float32)
        else:
            rows = np.concatenate(
                [moments[name][i].ravel() for name in LAYER_NAMES]
            )
        yield spread(rows, facts)


def gather_moments(
    means: np.ndarray, variances: np.ndarray, facts: GraphFacts
) -> Moments:
    """Returns the moments of [1, S, 1, 1] by layer, each once."""
    used, start = {}, 0
    for name, channels, filters in zip(
        LAYER_NAMES, facts.num_channels, facts.filters, strict=True
    ):
        mean, variance = (
            np.array(rows[:, start : start + filters, 0, 0])[:, None, None]
            for rows in (means, variances)
        )
        used[name] = mean, variance
        start += channels
    return used
