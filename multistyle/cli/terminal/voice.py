"""What is said on standard error, and how much of it."""

import contextlib
import shutil
import sys
from collections.abc import Iterator


class _Voice:
    """How much is said, and whether a terminal shows a line that may change."""

    is_quiet = False
    shows_progress: bool | None = None
    has_open_line = False


_voice = _Voice()


@contextlib.contextmanager
def speaking(
    *, is_quiet: bool = False, shows_progress: bool | None = None
) -> Iterator[None]:
    """Says as much as a user wants, within the block.

    Args:
        is_quiet: whether to say nothing but what goes wrong.
        shows_progress: whether to say how far it is; None: on a terminal.
    """
    before = _voice.is_quiet, _voice.shows_progress
    _voice.is_quiet, _voice.shows_progress = is_quiet, shows_progress
    try:
        yield
    finally:
        end_line()
        _voice.is_quiet, _voice.shows_progress = before


def say(line: str) -> None:
    """Says something that helps; not to who wants quiet."""
    if not _voice.is_quiet:
        complain(line)


def complain(line: str) -> None:
    """Says what goes wrong: on a line of its own, at once."""
    end_line()
    print(show_controls(line), file=sys.stderr, flush=True)


def show_controls(text: str) -> str:
    """Returns text in which what a terminal would obey can be read instead.

    A name may hold a new line, or make a terminal do things.
    """
    return "".join(
        letter if letter.isprintable() else repr(letter)[1:-1]
        for letter in text
    )


def shows_progress() -> bool:
    """Returns whether to say how far a work is."""
    if _voice.shows_progress is not None:
        return _voice.shows_progress
    return not _voice.is_quiet and sys.stderr.isatty()


def renew_line(text: str) -> None:
    """Shows a line in place of the one before; on a new one elsewhere."""
    if not sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)
        return
    columns = shutil.get_terminal_size().columns - 1
    text = "\r" + text[:columns].ljust(columns)
    print(text, end="", file=sys.stderr, flush=True)
    _voice.has_open_line = True


def end_line() -> None:
    """Keeps the line that a terminal shows; what comes next stands below."""
    if _voice.has_open_line:
        _voice.has_open_line = False
        print(file=sys.stderr, flush=True)


def clear_line() -> None:
    """Takes the line away that a terminal shows."""
    if _voice.has_open_line:
        _voice.has_open_line = False
        columns = shutil.get_terminal_size().columns - 1
        blank = "\r" + " " * columns + "\r"
        print(blank, end="", file=sys.stderr, flush=True)
