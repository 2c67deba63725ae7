"""The line that says how far a long work is."""

import math
import sys
import time
from collections.abc import Callable

from multistyle.cli.terminal.voice import (
    end_line,
    renew_line,
    say,
    shows_progress,
)

SECONDS_ON_A_TERMINAL = 0.5
SECONDS_ELSEWHERE = 1.0
# So that the file of a long work stays short: as a share of its time so far.
PAUSE_ELSEWHERE = 0.05


class StatusLine:
    """A line on standard error that is renewed while a work goes on.

    A terminal shows one line, which is written over twice a second. Elsewhere
    nothing is shown but the last one, unless the user asked for progress:
    then there are new lines, ever more slowly.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._last_shown = -math.inf

    def show(self, line: Callable[[], str], is_last: bool = False) -> None:
        """Shows how far the work is, unless it was shown just now.

        Args:
            line: makes the line, where it is wanted.
            is_last: whether to show it in any case, and to keep it.
        """
        now = time.monotonic()
        if is_last:
            self._end_with(line())
        elif shows_progress() and now - self._last_shown >= self._pause(now):
            self._last_shown = now
            renew_line(line())

    def say(self, message: str) -> None:
        """Says something below the line, which stays."""
        say(message)

    def end(self) -> None:
        """Keeps the line that a terminal shows."""
        end_line()

    def _end_with(self, text: str) -> None:
        if shows_progress():
            renew_line(text)
            end_line()
        else:
            say(text)

    def _pause(self, now: float) -> float:
        if sys.stderr.isatty():
            return SECONDS_ON_A_TERMINAL
        return max(SECONDS_ELSEWHERE, PAUSE_ELSEWHERE * (now - self._start))
