"""How far a film is."""

import time

from multistyle.cli.terminal.status_line import StatusLine
from multistyle.durations import show_duration


class Progress:
    """Says how far it is, how fast, and how long it takes."""

    def __init__(self) -> None:
        self._done = 0
        self._first: int | None = None
        self._total: int | None = None
        self._start = time.monotonic()
        self._shown = StatusLine()

    def __call__(self, done: int, total: int | None) -> None:
        if self._first is None:
            # The first one waits for the network to be compiled.
            self._first, self._start = done, time.monotonic()
        self._done, self._total = done, total
        self._shown.show(self._line)

    def end(self) -> None:
        """Says how far it is in the end."""
        self._shown.show(self._line, is_last=True)

    def _line(self):
        done, total = self._done, self._total
        seconds = time.monotonic() - self._start
        rate = (done - (self._first or 0)) / max(seconds, 1e-9)
        line = f"{done} frame{'s' * (done != 1)}"
        if total and done < total:
            line = f"{done} of about {total} frames"
        if rate:
            line += f", {rate:.1f} a second"
        if rate and total and done < total:
            left = show_duration((total - done) / rate)
            line += f", about {left} left"
        return line
