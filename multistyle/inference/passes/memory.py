"""Memory: how much a picture may take, and how large a tile that allows."""

import contextlib
import ctypes
import math
import os
import re
import sys
from pathlib import Path

from multistyle.errors import InputError

# For the whole process unless the user says otherwise. It is the same on every
# machine, so that pictures are; more would gain next to nothing.
DEFAULT_MEMORY = 3.5e9
# Python, NumPy, Keras and its backend, before anything is painted.
BASE = 0.8e9
SMALLEST_TILE = 64
# Where Linux says what a container may have and has, by the two versions of
# its control groups.
_GROUPS = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)

_UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_SIZE = re.compile(r"([0-9]*\.?[0-9]+) *([kmgt]?)(i?)b?", re.IGNORECASE)


def read_memory(text: str | int) -> int:
    """Reads an amount of memory, such as "2GB", "1.5 GiB" or "800MB".

    Args:
        text: str, or a number of bytes.

    Returns:
        int, bytes.

    Raises:
        InputError: for any other text, and for nothing at all.
    """
    match = _SIZE.fullmatch(str(text).strip())
    amount = 0.0
    if match:
        number, unit, is_binary = match.groups()
        amount = float(number) * _UNITS[unit.lower()]
        if is_binary and unit:
            amount *= 1.024 ** " kmgt".index(unit.lower())
    if not 1 <= amount < math.inf:
        raise InputError(
            f"An amount of memory is written as `2GB` or `800MB`; got `{text}`."
        )
    return int(amount)


def free_memory() -> int:
    """Returns the bytes that this process may still take without harm.

    What it holds already, such as Keras, is no part of them.
    """
    return int(0.8 * _available())


def tile_size(
    image_size: tuple[int, int],
    pixel_bytes: float,
    margin: int,
    room: float,
) -> int | None:
    """Says how large the tiles of a picture may be.

    Args:
        image_size: (height, width) of the picture.
        pixel_bytes: bytes that the engine needs for each pixel it paints.
        margin: pixels around a tile that are painted, too.
        room: bytes for what is painted at a time.

    Returns:
        The longest side of a tile without its margin, or None where the
        picture can be painted in one piece. Below `SMALLEST_TILE` there is
        no room.
    """
    height, width = image_size
    if height * width * pixel_bytes <= room:
        return None
    return math.isqrt(max(0, int(room / pixel_bytes))) - 2 * margin


def show(amount: float) -> str:
    """Returns bytes as text that `read_memory` reads, rounded up."""
    if amount < 1e9:
        return f"{math.ceil(amount / 1e6)}MB"
    return f"{math.ceil(amount / 1e8) / 10:g}GB"


def _available():
    """Returns the bytes that are free, or could be at once."""
    if sys.platform == "win32":
        return _available_on_windows()
    amounts = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2]
    with contextlib.suppress(OSError, TypeError):  # No such file or line here.
        text = Path("/proc/meminfo").read_text("ascii")
        kilobytes = re.search(r"^MemAvailable: *(\d+) kB", text, re.M)[1]
        amounts = [int(kilobytes) * 1024]
    # A container may have less than its machine.
    for names in _GROUPS:
        with contextlib.suppress(OSError, ValueError):  # None, or no limit.
            limit, used = (
                int(Path("/sys/fs/cgroup", name).read_text("ascii"))
                for name in names
            )
            amounts.append(limit - used)
    return max(0, min(amounts))


def _available_on_windows():
    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 5),
        ]

    status = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return status.available
