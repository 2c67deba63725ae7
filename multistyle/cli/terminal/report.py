"""What a call prints of the photographs that it paints."""

import collections
import json
import sys
import time
from collections.abc import Iterable
from typing import Any

from multistyle.cli.terminal.exit_codes import DONE, SOME_FAILED
from multistyle.cli.terminal.status_line import StatusLine
from multistyle.cli.terminal.voice import (
    clear_line,
    complain,
    say,
    show_controls,
)
from multistyle.durations import show_duration
from multistyle.images.codecs.streams import STREAM

# Of so many pictures it is said how fast they came.
_MANY = 10


def report(
    records: Iterable[dict[str, Any]],
    total: int,
    *,
    as_json: bool,
) -> int:
    """Prints each record as it comes: results, complaints and progress.

    Of a picture that went to standard output, JSON goes to standard error.

    Args:
        records: iterable of dicts, see `inference.runs.records`.
        total: int, how many there will be.
        as_json: bool, whether to print each as a JSON object, in place of
            the paths of the outputs.

    Returns:
        int, the exit code: 1 if one failed.
    """
    counts: collections.Counter[str] = collections.Counter()
    start = time.monotonic()
    line = StatusLine()
    try:
        for record in records:
            clear_line()
            status = record["status"]
            counts[status] += 1
            is_streamed = record["output"] == STREAM
            if as_json:
                text = json.dumps(record)
                file = sys.stderr if is_streamed else sys.stdout
                print(text, file=file, flush=True)
            elif status == "painted" and not is_streamed:
                # What reads it as a file needs the name as it is.
                name = record["output"]
                name = show_controls(name) if sys.stdout.isatty() else name
                print(name, flush=True)
            if status == "failed":
                complain(f"Left out: {record['error']}")
            if counts.total() < total:
                line.show(lambda: _line(counts, total, start))
    except KeyboardInterrupt:
        complain(
            f"{counts['painted'] + counts['kept']} of {total} are done; the "
            "same command goes on from there."
        )
        raise
    if total > 1:
        say(_sum(counts, time.monotonic() - start))
    return SOME_FAILED if counts["failed"] else DONE


def _sum(counts: collections.Counter[str], seconds: float) -> str:
    text = ", ".join(f"{counts[kind]} {kind}" for kind in counts)
    if counts["painted"] >= _MANY and seconds > 0:
        text += f"; {counts['painted'] / seconds:.3g} pictures a second"
    return f"{text}."


def _line(counts: collections.Counter[str], total: int, start: float) -> str:
    done = counts.total()
    made = max(1, done - counts["kept"])
    left = (time.monotonic() - start) / made * (total - done)
    return f"{done} of {total}, about {show_duration(left)} left"


def say_others(count: int) -> None:
    """Says how many files beside the photographs are none."""
    if count == 1:
        say("1 file of another kind is left out.")
    elif count:
        say(f"{count} files of other kinds are left out.")


class Progress:
    """Says how much of a large picture is painted.

    Called with the share that is done, in [0, 1], beginning with 0.
    """

    def __init__(self) -> None:
        self._start: float | None = None
        self._line = StatusLine()

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if self._start is None or share == 0:
            self._start, self._line = now, StatusLine()
            return
        left = (now - self._start) * (1 - share) / share
        self._line.show(
            lambda: (
                f"{share:.0%} of a picture, about {show_duration(left)} left"
            )
        )
