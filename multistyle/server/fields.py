"""Fields: what a request's JSON says, each part checked."""

from collections.abc import Sequence
from typing import Any

from multistyle.server.refusals import Refusal

_LONGEST_TEXT = 200


class Fields:
    """An object of JSON from anyone; what is wrong with it is said.

    Args:
        value: what was read.
        noun: what messages call it.

    Raises:
        Refusal: if it is no object.
    """

    def __init__(self, value: Any, noun: str = "request") -> None:
        if not isinstance(value, dict):
            raise Refusal(f"The {noun} is a JSON object.")
        self._value = value
        self._noun = noun
        self._asked: set[str] = set()

    def get(self, name: str) -> Any:
        """Returns what is there, of any kind, or None."""
        self._asked.add(name)
        return self._value.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """Returns a line of text."""
        value = self.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise Refusal(
                f"`{name}` is text of at most {_LONGEST_TEXT} letters."
            )
        return value

    def choice(
        self, name: str, allowed: Sequence[str], default: str | None = None
    ) -> str:
        """Returns one of some texts."""
        value = self.text(name, default)
        if value not in allowed:
            raise Refusal(
                f"`{name}` is one of {', '.join(allowed)}; got `{value[:40]}`."
            )
        return value

    def number(
        self, name: str, low: float, high: float, default: float
    ) -> float:
        """Returns a number between two others, or one of them."""
        value = self.get(name)
        if value is None:
            return default
        is_number = isinstance(value, (int, float)) and not isinstance(
            value, bool
        )
        # Written so that NaN fails, too.
        if not (is_number and low <= value <= high):
            raise Refusal(f"`{name}` is a number from {low:g} to {high:g}.")
        return value

    def flag(self, name: str) -> bool:
        """Returns true or false; false where there is none, or null."""
        value = self.get(name)
        if not isinstance(value, bool | None):
            raise Refusal(f"`{name}` is true or false.")
        return bool(value)

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        """Returns a whole number between two others, or one of them."""
        value = self.number(name, low, high, default)
        if value != int(value):
            raise Refusal(f"`{name}` is a whole number.")
        return int(value)

    def optional_whole(self, name: str, low: int, high: int) -> int | None:
        """Returns a whole number, or None where there is none."""
        if self.get(name) is None:
            return None
        return self.whole(name, low, high, low)

    def inner(self, name: str) -> "Fields | None":
        """Returns an object within it, or None where there is none."""
        value = self.get(name)
        return None if value is None else Fields(value, f"`{name}`")

    def items(self, name: str, low: int, high: int) -> list[Any]:
        """Returns a list of so many items; [] where there is none, or null."""
        value = self.get(name)
        if value is None and low == 0:
            return []
        if not isinstance(value, list) or not low <= len(value) <= high:
            count = str(low) if low == high else f"{low} to {high}"
            raise Refusal(f"`{name}` is a list of {count}.")
        return value

    def check_all_known(self) -> None:
        """Refuses what nobody asked for: a misspelt name does nothing."""
        for name in self._value:
            if name not in self._asked:
                raise Refusal(
                    f"The {self._noun} has no `{str(name)[:40]}`; it may have "
                    f"{', '.join(sorted(self._asked))}."
                )
