"""Signal stacks: where a thread runs the handler of Ctrl-C."""

import contextlib
import ctypes
import sys
from collections.abc import Iterator


class SignalStack(ctypes.Structure):
    """The `stack_t` of sigaltstack(2), on Linux.

    Example:
        >>> from multistyle.inference.engines.openvino.signal_stacks import (
        ...     SignalStack,
        ... )
        >>> before = SignalStack.current()
        >>> before.set()
    """

    _fields_ = [
        ("address", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("size", ctypes.c_size_t),
    ]

    @classmethod
    def current(cls) -> "SignalStack":
        """Returns the calling thread's."""
        stack = cls()
        ctypes.CDLL(None).sigaltstack(None, ctypes.byref(stack))
        return stack

    def set(self) -> None:
        """Gives it to the calling thread."""
        ctypes.CDLL(None).sigaltstack(ctypes.byref(self), None)


@contextlib.contextmanager
def kept_signal_stack() -> Iterator[None]:
    """Gives the thread its signal stack back when the `with` block ends.

    On processors with AMX, OpenVINO (2026.4) sets one when it loads, as small
    as the kernel lets it. Where matrices are in the thread's registers, as in
    a training in bfloat16, nothing is left of it for Python's handler, and
    Ctrl-C ends in a segmentation fault.
    """
    if sys.platform != "linux":
        yield
        return
    before = SignalStack.current()
    try:
        yield
    finally:
        before.set()
