"""Numbered frames: one name for all pictures of a film."""

import os
import re
from pathlib import Path

from multistyle.errors import InputError

_NUMBER = re.compile(r"%(?:0(\d{1,2}))?d")


def is_numbered(path: str | os.PathLike[str]) -> bool:
    """Whether a path names numbered frames, as "frame_%04d.png"."""
    return bool(_NUMBER.search(Path(path).name))


class NumberedName:
    """The name of numbered frames.

    Args:
        path: with one `%d` in its last part, or `%04d` for numbers of at least
            four digits.

    Attributes:
        path: the same.

    Raises:
        InputError: if there are several numbers in it.

    Example:
        >>> NumberedName("in/frame_%04d.png").of(7).name
        'frame_0007.png'
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        before, *rest = _NUMBER.split(self.path.name)
        if len(rest) != 2:
            raise InputError(
                f"`{path}` has more than one number: use a name with one, as "
                "frame_%04d.png."
            )
        digits, after = rest
        self._digits = int(digits or 0)
        self._before, self._after = before, after

    def of(self, number: int) -> Path:
        """Returns the path of a frame."""
        digits = f"{number:0{self._digits}}" if self._digits else str(number)
        return self.path.with_name(self._before + digits + self._after)

    def numbers(self) -> list[int]:
        """Returns the numbers of the frames that are there, in order."""
        pattern = re.compile(
            re.escape(self._before) + r"(\d+)" + re.escape(self._after)
        )
        found = []
        try:
            names = os.listdir(self.path.parent)
        except OSError:
            return []
        for name in names:
            match = pattern.fullmatch(name)
            if match and self.of(int(match[1])).name == name:
                found.append(int(match[1]))
        return sorted(found)

    def paths(self) -> list[Path]:
        """Returns the paths of the frames that are there, in order."""
        return [self.of(number) for number in self.numbers()]


def name_numbers(numbers: list[int]) -> str:
    """Returns numbers in words: "3, 5 to 9 and 12".

    Args:
        numbers: in order, at least one.
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [
        str(first)
        if first == last
        else f"{first}{' to ' if last > first + 1 else ', '}{last}"
        for first, last in runs
    ]
    *most, final = words
    return f"{', '.join(most)} and {final}" if most else final
