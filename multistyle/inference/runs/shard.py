"""A shard: the part of the photographs that one of several machines paints."""

import hashlib
import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from multistyle.errors import InputError
from multistyle.inference.runs.work import Work


class Shard(NamedTuple):
    """One of several parts, told by a hash of the photographs' names.

    A photograph more or less moves no other to another part.

    Attributes:
        part: which, from 1.
        total: how many parts there are.
    """

    part: int
    total: int

    def select(self, works: Iterable[Work]) -> list[Work]:
        """Returns the works whose photographs are of this part."""
        return [work for work in works if self.holds(work.name)]

    def holds(self, name: str) -> bool:
        """Says whether a photograph of this name is of this part."""
        digest = hashlib.sha256(os.fsencode(name)).digest()
        number = int.from_bytes(digest[:8], "big")
        return number % self.total == self.part - 1

    def of_name(self, name: str) -> str:
        """Returns this part's name of a file that each part has for itself."""
        stem, suffix = os.path.splitext(name)
        return f"{stem}-{self.part}-of-{self.total}{suffix}"


def read_shard(text: str) -> Shard:
    """Reads "3/8", the third of eight parts.

    Raises:
        InputError: for anything else.
    """
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    if found:
        shard = Shard(int(found[1]), int(found[2]))
        if 1 <= shard.part <= shard.total:
            return shard
    raise InputError(
        "`shard` is a part and how many there are, from 1/8 to 8/8; got "
        f"`{text}`."
    )
