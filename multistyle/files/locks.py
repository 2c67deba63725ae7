"""Locks: one process at a time."""

import contextlib
import os
import platform
import re
import sys
from collections.abc import Iterator
from typing import IO, Any

from multistyle.errors import InputError

# Its name in a folder that one process has for itself.
LOCK_FILE = ".lock"
# What a lock's file says of its holder: the process, and its machine.
_HOLDER = re.compile(r"([0-9]{1,20}) ([\w.-]{1,255})\n")


@contextlib.contextmanager
def locked(path: str | os.PathLike[str], doing: str) -> Iterator[None]:
    """Holds a lock until the block is left, or the process ends.

    The file says who holds it. What a process left that was killed is no
    lock, and is taken over.

    Args:
        path: of a file for the lock alone; it is made, and stays.
        doing: what to say where another process holds it, from the verb on.

    Raises:
        InputError: "Another process (12 on `host`) " and `doing`, at once.
        OSError: if the file cannot be made.
    """
    with open(path, "a", encoding="utf-8") as file:
        if not try_lock(file):
            raise InputError(f"Another process{_holder(path)} {doing}")
        file.truncate(0)
        file.write(f"{os.getpid()} {platform.node() or 'unknown'}\n")
        file.flush()
        yield


def _holder(path):
    """Returns the holder in words, or "" where that is not known."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = _HOLDER.fullmatch(file.read(300))
    except OSError:  # Windows lets no other read what is locked.
        return ""
    return f" ({found[1]} on `{found[2]}`)" if found else ""


def try_lock(file: IO[Any] | int, *, waits: bool = False) -> bool:
    """Locks an open file, until it is closed or its process ends.

    Args:
        file: open file, or its number, which may be a folder's but on
            Windows.
        waits: whether to wait for another who holds it, but on Windows.

    Returns:
        Whether it is locked now. It is not where another holds it, and on
        disks that have no locks.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            number = file if isinstance(file, int) else file.fileno()
            os.lseek(number, 0, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            how = 0 if waits else fcntl.LOCK_NB
            fcntl.flock(file, fcntl.LOCK_EX | how)
    except OSError:
        return False
    return True
