"""Ranges that an augmentation draws from, checked."""

from typing import Any

import numpy as np

from multistyle.errors import InputError


def check_strength_range(strength: Any) -> tuple[float, ...]:
    """Returns the smallest and the largest strength of a number or a pair."""
    given = _read_numbers(strength)
    if len(given) == 1:
        given *= 2
    # Written so that NaN fails, too.
    if not (len(given) == 2 and 0 <= given[0] <= given[1] <= 1):
        raise InputError(
            "`strength` is a number in [0, 1], or a pair of them, the smaller "
            f"first; got `{strength}`."
        )
    return given


def check_probability(probability: Any) -> float:
    """Returns a probability as a float in [0, 1]."""
    given = _read_numbers(probability)
    if not (len(given) == 1 and 0 <= given[0] <= 1):
        raise InputError(
            f"`probability` is a number in [0, 1]; got `{probability}`."
        )
    return given[0]


def check_value_range(value_range: Any) -> tuple[float, ...]:
    """Returns the pair of black and white."""
    given = _read_numbers(value_range)
    if not (len(given) == 2 and -np.inf < given[0] < given[1] < np.inf):
        raise InputError(
            "`value_range` is the pair of black and white, such as `(0, 255)` "
            f"or `(0, 1)`; got `{value_range}`."
        )
    return given


def _read_numbers(value):
    """Returns a tuple of floats, empty if `value` is neither one nor some."""
    try:
        return tuple(map(float, np.atleast_1d(value)))
    except (TypeError, ValueError):
        return ()
