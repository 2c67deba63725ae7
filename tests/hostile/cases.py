"""What hostile files are made of: cases, and ways to damage what was whole."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

SEED = 23


class Case(NamedTuple):
    """A hostile file.

    Attributes:
        name: of the file, as the system takes it; unlike all others.
        make: its bytes, or a function of the path where it shall stand.
    """

    name: str
    make: bytes | Callable[[Path], object]

    def write(self, folder: Path) -> Path:
        """Makes the file in a folder, and returns its path."""
        path = folder / self.name
        if callable(self.make):
            self.make(path)
        else:
            path.write_bytes(self.make)
        return path


def cut(random, data):
    """Returns the start of some bytes, of random length."""
    return data[: int(random.integers(1, len(data)))]


def flip(random, data, count):
    """Returns some bytes of which some bits, at random, are others."""
    damaged = bytearray(data)
    for place in random.integers(0, 8 * len(data), count):
        damaged[place // 8] ^= 1 << (place % 8)
    return bytes(damaged)


def overwrite(random, data, count):
    """Returns some bytes of which a run, at random, is noise."""
    start = int(random.integers(0, max(1, len(data) - count)))
    noise = random.bytes(min(count, len(data) - start))
    return data[:start] + noise + data[start + len(noise) :]
