"""Whole numbers that a user gives, checked."""

import operator
from typing import Any

from multistyle.errors import InputError


def check_whole_number(
    name: str, value: Any, *, least: int | None = None
) -> int:
    """Returns a whole number as an int, NumPy's, too.

    Args:
        name: of the option, for the message.
        value: what was given.
        least: what it must be at least; None is no limit.

    Raises:
        InputError: for anything else, also True and False, and for less.

    Example:
        >>> from multistyle.whole_numbers import check_whole_number
        >>> check_whole_number("seed", 3, least=0)
        3
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise InputError(
            f"`{name}` must be a whole number; got `{value}`."
        ) from None
    if least is not None and number < least:
        raise InputError(f"`{name}` must be at least {least}; got `{number}`.")
    return number
