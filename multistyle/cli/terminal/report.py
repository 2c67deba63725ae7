"""What a call prints of the photographs that it paints."""

import collections
import json
import sys
import time
from collections.abc import Iterable
from typing import Any

from multistyle.cli.terminal.streams import STREAM

PROGRESS_SECONDS = 5


def report(
    records: Iterable[dict[str, Any]],
    total: int,
    *,
    as_json: bool,
) -> int:
    """Prints each record as it comes: results, complaints and progress.

    Of a picture that went to standard output, JSON goes to standard error.

    Args:
        records: iterable of dicts, see `inference.folder_runs`.
        total: int, how many there will be.
        as_json: bool, whether to print each as a JSON object, in place of
            the paths of the outputs.

    Returns:
        int, the exit code: 1 if one failed.
    """
    counts: collections.Counter[str] = collections.Counter()
    start = shown = time.monotonic()
    try:
        for record in records:
            status = record["status"]
            counts[status] += 1
            is_streamed = record["output"] == STREAM
            if as_json:
                line = json.dumps(record, ensure_ascii=False)
                file = sys.stderr if is_streamed else sys.stdout
                print(line, file=file, flush=True)
            elif status == "painted" and not is_streamed:
                print(record["output"], flush=True)
            if status == "failed":
                say(f"Left out: {record['error']}")
            now, done = time.monotonic(), counts.total()
            if now - shown > PROGRESS_SECONDS and done < total:
                shown = now
                made = max(1, done - counts["kept"])
                left = (now - start) / made * (total - done)
                say(f"{done} of {total}, about {left:.0f} s left")
    except KeyboardInterrupt:
        say(
            f"{counts['painted'] + counts['kept']} of {total} are done; the "
            "same command goes on from there."
        )
        raise
    if total > 1:
        say(", ".join(f"{counts[kind]} {kind}" for kind in counts) + ".")
    return 1 if counts["failed"] else 0


def say(line: str) -> None:
    """Prints a message: to standard error, at once."""
    print(line, file=sys.stderr, flush=True)


def say_others(count: int) -> None:
    """Says how many files beside the photographs are none."""
    if count == 1:
        say("1 file of another kind is left out.")
    elif count:
        say(f"{count} files of other kinds are left out.")


class Progress:
    """Says now and then how much of a large picture is painted.

    Called with the share that is done, in [0, 1], beginning with 0.
    """

    def __init__(self) -> None:
        self._start: float | None = None
        self._shown = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if self._start is None or share == 0:
            self._start = self._shown = now
        elif now - self._shown > PROGRESS_SECONDS:
            self._shown = now
            left = (now - self._start) * (1 - share) / share
            say(f"{share:.0%} of a picture, about {left:.0f} s left")
