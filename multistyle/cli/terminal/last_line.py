"""The last line of a process that a library may end."""

import atexit
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

# Hears the end of its standard input, and whether there was a word before.
_LISTENER = """
import sys
if not sys.stdin.read():
    print(sys.argv[1], file=sys.stderr)
"""


@contextlib.contextmanager
def last_line(line: str) -> Iterator[None]:
    """Says a line where a library ends the process within the block.

    JAX ends each of several workers as soon as one is lost, by C's `abort`,
    of which Python hears nothing, and with pages on standard error. What
    libraries write there and on standard output within the block goes
    nowhere, and a small process beside this one says the line. Where an
    exception leaves the block, the process waits for no other at its end.

    Args:
        line: str.
    """
    listener = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _LISTENER, line],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in a terminal is not for it.
    )
    try:
        with _own_stream("stdout", 1), _own_stream("stderr", 2):
            yield
    except BaseException:
        # Called before what JAX has registered, which would wait.
        atexit.register(_end_at_once)
        raise
    finally:
        listener.communicate(b"left")


@contextlib.contextmanager
def _own_stream(name, number):
    """Keeps a stream for Python's own lines."""
    before, kept = getattr(sys, name), os.dup(number)
    before.flush()
    own = os.fdopen(os.dup(kept), "w", buffering=1, errors="backslashreplace")
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), number)
    setattr(sys, name, own)
    try:
        yield
    finally:
        setattr(sys, name, before)
        own.close()
        os.dup2(kept, number)
        os.close(kept)


def _end_at_once():
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)
