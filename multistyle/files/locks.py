"""Locks: one process at a time."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import IO, Any

from multistyle.errors import InputError


@contextlib.contextmanager
def locked(path: str | os.PathLike[str], message: str) -> Iterator[None]:
    """Holds a lock until the block is left, or the process ends.

    Args:
        path: of a file for the lock alone; it is made, and stays.
        message: what to say where another process holds it.

    Raises:
        InputError: with `message`, at once.
    """
    with open(path, "a") as file:
        if not try_lock(file):
            raise InputError(message)
        yield


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
