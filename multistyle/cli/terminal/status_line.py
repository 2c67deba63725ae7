"""The line that says how far a long work is."""

import math
import shutil
import sys
import time
from collections.abc import Callable

SECONDS_ON_A_TERMINAL = 0.5
SECONDS_ELSEWHERE = 10.0


class StatusLine:
    """A line on standard error that is renewed while a work goes on.

    A terminal shows one line, which is written over twice a second; elsewhere
    there is a new line every ten seconds. Messages between go through `say`,
    so that they stand on lines of their own.
    """

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._is_open = False
        self._last_shown = -math.inf

    def show(self, line: Callable[[], str], is_last: bool = False) -> None:
        """Shows how far the work is, unless it was shown just now.

        Args:
            line: makes the line, where it is wanted.
            is_last: whether to show it in any case, and to keep it.
        """
        now = time.monotonic()
        pause = SECONDS_ELSEWHERE
        if self._is_terminal:
            pause = SECONDS_ON_A_TERMINAL
        if now - self._last_shown < pause and not is_last:
            return
        self._last_shown = now
        text = line()
        if self._is_terminal:
            columns = shutil.get_terminal_size().columns - 1
            text = "\r" + text[:columns].ljust(columns)
        self._is_open = self._is_terminal and not is_last
        print(
            text,
            end="" if self._is_open else "\n",
            file=sys.stderr,
            flush=True,
        )

    def say(self, message: str) -> None:
        """Prints a message below the line, which stays."""
        self.end()
        print(message, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Keeps the line that a terminal shows."""
        if self._is_open:
            self._is_open = False
            print(file=sys.stderr, flush=True)
