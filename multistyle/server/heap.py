"""The heap: what was freed, and is still held for the process."""

import contextlib
import ctypes
import gc

# glibc's, of `mallopt`.
_M_ARENA_MAX = -8


def keep_one_heap() -> None:
    """Makes all threads take their memory from one heap, where glibc is.

    Else each thread's own keeps the end of what it once held, up to 64 MB,
    which `trim_heap` cannot give back. It is for the start of a process: what
    threads have already, they keep.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def trim_heap() -> None:
    """Gives memory that nothing uses back to the system.

    First that which only refers to itself, as a job's functions may to an
    engine. A C library then keeps what many threads have freed, of large
    pictures hundreds of megabytes. Only glibc can be told to give it back;
    others need not.
    """
    gc.collect()
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
