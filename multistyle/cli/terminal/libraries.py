"""What libraries do to a terminal and to a process, kept away from the user."""

import atexit
import contextlib
import os
import sys
import time
from collections.abc import Iterator

from multistyle.cli.terminal.witness import instruct_witness

SECONDS_TO_SPEAK = 2.0


@contextlib.contextmanager
def ended_by_libraries(line: str) -> Iterator[None]:
    """Says a line where a library ends the process within the block.

    JAX ends each of several workers as soon as one is lost, by C's `abort`,
    of which Python hears nothing, and with pages on standard error. What
    libraries write there and on standard output within the block goes
    nowhere, and the witness says the line. Where an exception leaves the
    block, the process waits for no other worker at its end.

    Args:
        line: str.
    """
    instruct_witness(line)
    try:
        with _own_stream("stdout", 1), _own_stream("stderr", 2):
            yield
    except BaseException:
        # Called before what JAX has registered, which would wait.
        atexit.register(_end_at_once)
        raise


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
    # JAX ends the others as soon as the first one has left: until then they
    # can say why they end, too.
    time.sleep(SECONDS_TO_SPEAK)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)
