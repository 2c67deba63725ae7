"""Locks: one process at a time."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from multistyle.errors import InputError


@contextlib.contextmanager
def locked(path: str | os.PathLike, message: str) -> Iterator[None]:
    """Holds a lock until the block is left, or the process ends.

    Args:
        path: of a file for the lock alone; it is made, and stays.
        message: what to say where another process holds it.

    Raises:
        InputError: with `message`, at once.
    """
    with open(Path(path), "a") as file:
        if not _try_lock(file):
            raise InputError(message)
        yield


def _try_lock(file):
    """Locks an open file until it is closed or its process ends."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
