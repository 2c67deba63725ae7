"""Choices: what a user gives is one of a few."""

from collections.abc import Iterable

from multistyle.errors import InputError


def check_choice(name: str, value: object, allowed: Iterable[object]) -> None:
    """Raises InputError where a value is none of those that are allowed.

    Args:
        name: of the option, for the message.
        value: what was given.
        allowed: texts, and None where it stands for a default.

    Example:
        >>> from multistyle.choices import check_choice
        >>> check_choice("start", "noise", ("photograph", "noise"))
    """
    allowed = list(allowed)
    if value not in allowed:
        named = ", ".join(str(each) for each in allowed if each is not None)
        raise InputError(f"`{name}` is one of {named}; got `{value}`.")
