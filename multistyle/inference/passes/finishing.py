"""Finishing: the narrow network that paints the finer levels, if it can."""

from collections.abc import Callable

import numpy as np

from multistyle.images.tiles import Window, cut
from multistyle.inference.engines.engine import Engine

Weights = Callable[[Window], np.ndarray]
# A map is looked through by windows of this size.
_WINDOW_SIZE = 512


def choose_finisher(
    engine: Engine,
    weights_of: Weights,
    reduced_weights_of: Weights,
    reduced_size: tuple[int, int],
) -> tuple[Engine, Weights]:
    """Chooses what paints the finer levels of a picture.

    It is the engine's finisher where that has each style that is in the
    picture, known by its name; else the engine itself.

    Args:
        engine: an `Engine`, maybe with a finisher.
        weights_of: function of a `Window` that returns its style weights,
            float32 [N] or [h, w, N].
        reduced_weights_of: the same of a smaller picture, which is looked
            through for styles.
        reduced_size: (height, width) of the smaller picture.

    Returns:
        The engine, and the function of its own weights.
    """
    finisher = engine.finisher
    if finisher is None:
        return engine, weights_of
    places = {name: i for i, name in enumerate(engine.style_names)}
    missing = set(places) - set(finisher.style_names)
    if missing:
        indices = [places[name] for name in missing]
        for window in cut(reduced_size, _WINDOW_SIZE):
            weights = reduced_weights_of(window)
            if weights[..., indices].any():
                return engine, weights_of
            if weights.ndim == 1:
                break
    # A style that only the finisher has takes a column of zeros.
    columns = [places.get(n, len(places)) for n in finisher.style_names]

    def finisher_weights(window):
        weights = weights_of(window)
        zeros = np.zeros((*weights.shape[:-1], 1), weights.dtype)
        return np.concatenate([weights, zeros], axis=-1)[..., columns]

    return finisher, finisher_weights
