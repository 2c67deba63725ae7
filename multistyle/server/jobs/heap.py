"""The heap: what was freed, and is still held for the process."""

import contextlib
import ctypes


def trim_heap() -> None:
    """Gives memory that nothing uses back to the system.

    A C library keeps what many threads have freed, of large pictures hundreds
    of megabytes. Only glibc can be told to give it back; others need not.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
