"""Two runs at once: the second is refused, and the first goes on."""

import contextlib
import os
import re
import signal

from mishaps.outcomes import Outcome
from mishaps.processes import Ended, wait_for
from mishaps.references import Reference

TWO = "two runs on one folder"
STALE = "stale lock"
# What says that a run holds its lock.
_LOCKS = {
    "training": "run/.lock",
    "folder run": "painted/.manifest.jsonl.lock",
    "film": ".painted.mp4.segments/.lock",
}


def run_twice(reference: Reference) -> Outcome:
    """Begins a work again while it runs: the lock names the other process."""
    reference.renew()
    seconds: list[Ended] = []
    number = 0

    def meanwhile(pid: int) -> None:
        nonlocal number
        number = pid
        wait_for(pid, lambda: _is_locked(reference))
        # The first waits, lest it be done before the second begins.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        seconds.append(reference.run(log="second"))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    first = reference.run(meanwhile=meanwhile)
    (second,) = seconds
    line = (second.complaints() or [""])[0]
    problem, gap = "", 0.0
    if second.code != 2 or not re.search(rf"\({number} on `", line):
        problem = f"the second: {second.code}, {second.said()}"
    elif first.code:
        problem = f"the first: {first.code}, {first.said()}"
    else:
        problem, gap = reference.compare()
    line = line.replace(str(number), "1234")
    return Outcome(TWO, reference.work.name, "", line, "nothing", problem, gap)


def find_stale(reference: Reference) -> Outcome:
    """Kills a work that holds its lock: the next one is not refused."""
    reference.renew()

    def meanwhile(pid: int) -> None:
        wait_for(pid, lambda: _is_locked(reference))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    ended = reference.run(meanwhile=meanwhile)
    problem, gap = "", 0.0
    if not ended.is_killed or not _is_locked(reference):
        problem = f"no lock stays: {ended.said()}"
    else:
        problem, gap, _ = reference.ends_as_unbroken()
    return Outcome(STALE, reference.work.name, "", "", "nothing", problem, gap)


def _is_locked(reference: Reference) -> bool:
    lock = reference.place.outputs / _LOCKS[reference.work.name]
    return lock.is_file() and lock.stat().st_size > 0
