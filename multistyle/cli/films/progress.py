"""How far a film is."""

import time

from multistyle.cli.terminal.report import PROGRESS_SECONDS, say


class Progress:
    """Says now and then how far it is, how fast, and how long it takes."""

    def __init__(self) -> None:
        self._done = self._said = 0
        self._first: int | None = None
        self._total: int | None = None
        self._start = self._shown = time.monotonic()

    def __call__(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if self._first is None:
            # The first one waits for the network to be compiled.
            self._first, self._start = done, now
        self._done, self._total = done, total
        if now - self._shown >= PROGRESS_SECONDS:
            self._shown, self._said = now, done
            say(self._line(now))

    def end(self) -> None:
        """Says how far it is, where that is not yet said."""
        if self._said < self._done or not self._done:
            say(self._line(time.monotonic()))

    def _line(self, now):
        done, total = self._done, self._total
        rate = (done - (self._first or 0)) / max(now - self._start, 1e-9)
        line = f"{done} frames"
        if total and done < total:
            line = f"{done} of about {total} frames"
        if rate:
            line += f", {rate:.1f} a second"
        if rate and total and done < total:
            line += f", about {(total - done) / rate:.0f} s left"
        return line
