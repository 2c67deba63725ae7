"""A work: one output to be made, said in plain data."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Work(NamedTuple):
    """One output to be made, in values that any process can be handed.

    Attributes:
        name: of the photograph in the folder that holds all of them, with `/`
            between folders.
        photograph: path of the file to paint.
        output: path to write.
        copy: which of several copies of a photograph, from 1, or None.
        settings: what a list of blends says of this output alone, by the
            names of flags; None where there is no list.
        may_write: whether a file that stands there may be replaced.
    """

    name: str
    photograph: str
    output: str
    copy: int | None = None
    settings: Mapping[str, Any] | None = None
    may_write: bool = False
