"""Paths: blends that lead from style to style."""

from collections.abc import Sequence

import numpy as np

from multistyle.blends.weights import one_hot
from multistyle.errors import InputError


def path_weights(
    stops: np.ndarray, num_frames: int | None = None
) -> np.ndarray:
    """Blends from stop to stop, piecewise linearly.

    Every stop is hit exactly, by the frame that is nearest to its share of
    the way. The parts between two stops therefore differ by at most a frame.

    Args:
        stops: float array [S, N], the weights to pass through, S >= 2.
        num_frames: at least S; None is four from each stop to the next, and
            the first.

    Returns:
        float32 array [num_frames, N], from the first to the last of `stops`.

    Raises:
        InputError: if there are fewer frames than stops, or one stop only.
    """
    stops = np.asarray(stops, np.float64)
    legs = len(stops) - 1
    if num_frames is None:
        num_frames = 4 * legs + 1
    if legs < 1 or num_frames <= legs:
        raise InputError(
            f"A path has at least 2 stops and a frame for each; got "
            f"`{legs + 1}` stops and `{num_frames}` frames."
        )
    # In whole numbers, so that rounding does not decide a stop's frame.
    last = num_frames - 1
    at = [(2 * stop * last + legs) // (2 * legs) for stop in range(legs + 1)]
    frames = np.arange(num_frames)
    return np.stack(
        [np.interp(frames, at, column) for column in stops.T], axis=1
    ).astype(np.float32)


def parse_path(text: str, style_names: Sequence[str]) -> np.ndarray:
    """Reads "A>B>C", the styles that a path passes through.

    Args:
        text: two or more names.
        style_names: list of the N names of the network.

    Returns:
        float32 array [S, N], one-hot.

    Raises:
        InputError: if there is one only, or one is unknown.
    """
    names = text.split(">")
    if len(names) < 2:
        raise InputError(
            f"A path is given as `A>B` or `A>B>C`, two styles or more; got "
            f"`{text}`."
        )
    return np.stack([one_hot(name.strip(), style_names) for name in names])
