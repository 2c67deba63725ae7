"""Refining: a row of gamma and beta, learned in seconds."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from multistyle.errors import InputError
from multistyle.learning.photographs import crops
from multistyle.network.rows import Rows, join_layers, split_layers

# Adam's, and the largest norm of a gradient.
_BETA_1, _BETA_2, _EPSILON = 0.9, 0.99, 1e-7
_LARGEST_NORM = 10.0
# Shares of the steps in which the rate rises, and falls.
_RISE, _FALL = 0.05, 0.6


class Pace(NamedTuple):
    """How a row is refined.

    Attributes:
        num_steps: of one crop each.
        rate: the highest learning rate.
    """

    num_steps: int
    rate: float


class RowGradient(Protocol):
    """Says how a row should change, by the pictures that it paints.

    Attributes:
        num_channels: of each layer of the network.
    """

    @property
    def num_channels(self) -> list[int]: ...

    def aim_at(self, works: Sequence[np.ndarray]) -> None:
        """Makes paintings, each uint8 [H, W, 3], what rows are judged by."""

    def __call__(self, row: np.ndarray, crop: int) -> np.ndarray:
        """Returns the gradient of the losses.

        Args:
            row: float32 [1, 2 R], the gammas of all layers and the betas.
            crop: index of one of `photographs.crops()`, which is painted.

        Returns:
            float32 [1, 2 R].
        """


def refine(
    gradient: RowGradient,
    works: Sequence[np.ndarray],
    start: Rows,
    pace: Pace,
    *,
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
) -> Rows:
    """Learns the row of one style on a few crops, by Adam.

    The rate rises over the first twentieth of the steps and falls over the
    last three fifths.

    Args:
        gradient: of the network that the row is for.
        works: the paintings of the style, each uint8 [H, W, 3].
        start: the row to begin at, each table [1, C].
        pace: how long, and how fast.
        seed: decides the order of the crops.
        progress: called with the share of the steps that is done.

    Returns:
        The row, each table float32 [1, C].

    Raises:
        InputError: if a number is no longer finite.
    """
    gradient.aim_at(works)
    row = np.concatenate(join_layers(start), axis=1)
    mean, power = np.zeros_like(row), np.zeros_like(row)
    rng = np.random.default_rng(seed)
    order: list[int] = []
    for step in range(1, pace.num_steps + 1):
        order = order or rng.permutation(len(crops())).tolist()
        change = gradient(row, order.pop())
        norm = np.linalg.norm(change)
        if not np.isfinite(norm):
            raise InputError(
                "Learning the painting ended in numbers that are not finite: "
                "give --learning=instant, or another copy of the painting."
            )
        change = change * min(1.0, _LARGEST_NORM / (norm + _EPSILON))
        mean = _BETA_1 * mean + (1 - _BETA_1) * change
        power = _BETA_2 * power + (1 - _BETA_2) * change**2
        scale = np.sqrt(1 - _BETA_2**step) / (1 - _BETA_1**step)
        rate = pace.rate * rate_share(step, pace.num_steps) * scale
        row = row - np.float32(rate) * mean / (np.sqrt(power) + _EPSILON)
        progress(step / pace.num_steps)
    gamma, beta = np.split(row.astype(np.float32), 2, axis=1)
    return split_layers(gamma, beta, gradient.num_channels)


def rate_share(step: int, num_steps: int) -> float:
    """Returns the share of the rate in a step, from 1 to `num_steps`."""
    rising = step / max(1.0, _RISE * num_steps)
    falling = (1 - (step - 1) / num_steps) / _FALL
    return min(1.0, rising, falling)
