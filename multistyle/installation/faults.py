"""What is found wrong, and what to do."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is broken.

    Attributes:
        what: str, a sentence that names it.
        advice: str, a sentence that says what to do.
    """

    what: str
    advice: str
