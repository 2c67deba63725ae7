"""Blends by what a photograph holds: drawn at random, or read from a list."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from multistyle.blends.weights import style_weights
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.json_files import parse_json
from multistyle.files.texts import read_text

# In place of style weights.
RANDOM = "random"
# Shares of a blend that is drawn are multiples of one by this.
_SHARES = 1000

# By style name.
NamedWeights = dict[str, float]


class ContentBlends(Protocol):
    """Some blends for each photograph, by its content.

    Attributes:
        copies: how many.
    """

    copies: int

    def options(self) -> dict[str, Any]:
        """Returns what decides the blends, a dict for JSON."""

    def of(self, digest: str, copy: int) -> NamedWeights | None:
        """Returns one blend of a photograph.

        Args:
            digest: SHA-256 of its file.
            copy: which blend, from 1.

        Returns:
            Dict style name -> weight, or None where there is none.
        """


class DrawnBlends:
    """Draws blends, each of two styles, or of the one that there is.

    They follow from the photograph's content, the seed and the names alone:
    in a folder with one photograph more, the others' are the same.

    Args:
        style_names: list of the N names to draw from.
        copies: how many for a photograph.
        seed: int; another gives other blends.

    Example:
        >>> from multistyle.blends.content_blends import DrawnBlends
        >>> blends = DrawnBlends(["a", "b", "c"], copies=2)
        >>> len(blends.of("5e" * 32, 1))
        2
    """

    def __init__(
        self, style_names: Sequence[str], *, copies: int = 1, seed: int = 0
    ) -> None:
        self._names = list(style_names)
        self.copies = copies
        self._seed = seed

    def options(self) -> dict[str, Any]:
        return {
            "style_weights": RANDOM,
            "copies": self.copies,
            "seed": self._seed,
        }

    def of(self, digest: str, copy: int) -> NamedWeights:
        # By a hash, which draws the same in every version of Python and NumPy.
        text = f"{self._seed} {copy} {digest}"
        drawn = hashlib.sha256(text.encode()).digest()
        first, second, place = (
            int.from_bytes(drawn[start : start + 8], "big")
            for start in (0, 8, 16)
        )
        count = len(self._names)
        first %= count
        if count == 1:
            return {self._names[first]: 1.0}
        # Any other than the first.
        second = (first + 1 + second % (count - 1)) % count
        share = (1 + place % (_SHARES - 1)) / _SHARES
        return {
            self._names[first]: share,
            self._names[second]: round(1 - share, 3),
        }


class ContentList:
    """Blends as a file lists them, such as the manifest of what was drawn.

    Args:
        path: of a file of JSON objects, one a line; those count that hold
            "sha256" and "style_weights", a dict, and maybe "copy", from 1.
            The last of several of one photograph and copy counts.
        style_names: list of the N names that there are.

    Raises:
        InputError: if the file cannot be read, lists no blend, or one of
            styles that there are not.
    """

    def __init__(self, path: str | Path, style_names: Sequence[str]) -> None:
        self._blends: dict[tuple[str, int], NamedWeights] = {}
        for line in _read_lines(expand_home(path)):
            digest, copy = line.get("sha256"), line.get("copy", 1)
            weights = line.get("style_weights")
            if not (isinstance(digest, str) and isinstance(weights, dict)):
                continue
            if not isinstance(copy, int) or copy < 1:
                raise InputError(
                    f"`{path}` has a copy `{copy}`; copies are numbered from 1."
                )
            style_weights(weights, style_names)
            self._blends[digest, copy] = weights
        if not self._blends:
            raise InputError(
                f"`{path}` lists no blend: lines of JSON objects hold "
                '"sha256" and "style_weights", as the manifest of '
                f"--style_weights={RANDOM} does."
            )
        self.copies = max(copy for _, copy in self._blends)

    def options(self) -> dict[str, Any]:
        listed = json.dumps(sorted(self._blends.items()))
        digest = hashlib.sha256(listed.encode()).hexdigest()
        return {"style_weights": {"list": digest}}

    def of(self, digest: str, copy: int) -> NamedWeights | None:
        return self._blends.get((digest, copy))


def _read_lines(path):
    """Yields the JSON objects of a file's lines; others are left out."""
    # Not at what else ends a line in Unicode: JSON may hold that in a text.
    for line in read_text(path, "list of blends").split("\n"):
        try:
            found = parse_json(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found
