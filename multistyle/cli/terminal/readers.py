"""Those who read what a command prints, and leave when they read enough."""

import functools
import os
import select
import sys
from collections.abc import Callable
from typing import IO, ParamSpec

from multistyle.cli.terminal.exit_codes import READER_LEFT, SOME_FAILED
from multistyle.cli.terminal.voice import complain

Arguments = ParamSpec("Arguments")


def ending_with_its_reader(
    command: Callable[Arguments, int],
) -> Callable[Arguments, int]:
    """Ends a command without a word where nobody reads what it prints.

    As `head` leaves whoever prints more than it shows. Unlike the signal that
    ends other programs then, an exception lets them clean up.

    Args:
        command: function that returns an exit code, and raises an `OSError`
            only where what it prints cannot be written.

    Returns:
        The function, which returns `READER_LEFT` in that case, and says where
        else it cannot be written. When it returns, all is written.
    """

    @functools.wraps(command)
    def read_command(
        *args: Arguments.args, **keywords: Arguments.kwargs
    ) -> int:
        try:
            code = command(*args, **keywords)
            print(end="", flush=True)
            return code
        except OSError as error:
            streams = [s for s in (sys.stdout, sys.stderr) if _is_left(s)]
            for stream in streams or [sys.stdout]:
                _forget(stream)
            if isinstance(error, BrokenPipeError):
                return READER_LEFT
            complain(f"What is printed cannot be written: {error.strerror}.")
            return SOME_FAILED

    return read_command


def reader_left(error: OSError) -> bool:
    """Says whether an error means that nobody reads what is printed."""
    return isinstance(error, BrokenPipeError) and any(
        map(_is_left, (sys.stdout, sys.stderr))
    )


def _is_left(stream: IO[str]) -> bool:
    if not hasattr(select, "poll"):  # Windows.
        return True
    try:
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLOUT)
    except (OSError, ValueError):  # In a test or a notebook it is no file.
        return False
    ends = select.POLLERR | select.POLLHUP
    return any(events & ends for _, events in poll.poll(0))


def _forget(stream: IO[str]) -> None:
    """Lets go nowhere what a stream still holds, which Python writes last."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
