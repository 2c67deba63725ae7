"""The heap: what was freed, and is still held for the process."""

import contextlib
import ctypes
import gc


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
