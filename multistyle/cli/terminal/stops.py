"""Signals by which the system asks a program to end."""

import contextlib
import signal
import threading
from collections.abc import Iterator

_NAMES = ("SIGTERM", "SIGHUP")


@contextlib.contextmanager
def stops_as_interrupts() -> Iterator[None]:
    """Makes a `KeyboardInterrupt` of a request to end, as Ctrl-C does.

    So that what is half written is removed, and a recording completed. A
    signal that is ignored stays so: `nohup` goes on without its terminal.
    Only the main thread may take signals; elsewhere this does nothing.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in _NAMES:
            number = getattr(signal, name, None)  # Windows lacks one.
            if number and signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number, frame):
    raise KeyboardInterrupt
