"""Colours on a terminal, for those who want them."""

import os
import sys

_CODES = {"green": 32, "red": 31, "bold": 1}


def color(text: str, name: str) -> str:
    """Returns text that standard output shows in a colour.

    As it is where standard output is no terminal, where the environment
    variable NO_COLOR is set, whatever it says (https://no-color.org), and
    where TERM is dumb.

    Args:
        text: str.
        name: "green", "red" or "bold".
    """
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if is_plain or not sys.stdout.isatty():
        return text
    return f"\x1b[{_CODES[name]}m{text}\x1b[0m"
