"""SIGKILL at moments that are drawn, by the clock and by touched files."""

import json
import re

import numpy as np
from mishaps.outcomes import Outcome
from mishaps.processes import Ended
from mishaps.references import Reference

KIND = "SIGKILL"
# How often a work is killed, at least five times each, 50 in all.
COUNTS = {
    "training": 8,
    "learning": 6,
    "folder run": 12,
    "film": 12,
    "export": 6,
    "pack": 6,
}
# A run may end sooner than the unbroken one did.
_TRIES = 6


def kill(reference: Reference, number: int, seed: int) -> Outcome:
    """Kills a work once, and runs it again.

    Every other kill comes where the work is about to touch a file, the others
    after a time.

    Args:
        reference: of the work.
        number: of the kill, from 0.
        seed: of the campaign; with the number and the work, of the moment.
    """
    key = [seed, number, *reference.work.name.encode()]
    random = np.random.default_rng(key)
    ended = reference.ended
    for _ in range(_TRIES):
        reference.renew()
        moment, given = _draw(ended, number, random)
        ended = reference.run(**given)
        if ended.is_killed:
            break
    else:
        raise RuntimeError(f"{reference.work.name} was never killed.")
    before = _finished(reference)
    problem = reference.find_torn()
    gap = 0.0
    lost = "nothing"
    line = ""
    if not problem:
        problem, gap, again = reference.ends_as_unbroken()
        lost, line = _lost(reference, before, again)
    return Outcome(
        KIND,
        reference.work.name,
        f"{number}, {moment}",
        line,
        lost,
        problem,
        gap,
    )


def _draw(unbroken: Ended, number: int, random: np.random.Generator):
    if number % 2 == 0 and unbroken.events:
        event = int(random.integers(1, unbroken.events + 1))
        moment = f"file {event} of {unbroken.events}"
        return moment, {"kill_at_event": event}
    share = float(random.uniform(0.02, 1))
    seconds = share * unbroken.seconds
    return f"at {share:.0%} of the time", {"kill_after": seconds}


def _finished(reference: Reference):
    """Returns what a killed run had finished, for the count of what is lost."""
    outputs = reference.place.outputs
    metrics = outputs / "run" / "metrics.jsonl"
    if metrics.is_file():
        return metrics.read_bytes().count(b"\n")
    manifest = outputs / "painted" / "manifest.jsonl"
    if not manifest.is_file():
        return 0
    lines = manifest.read_bytes().split(b"\n")[:-1]
    return sum("finished" in json.loads(line) for line in lines if line)


def _lost(reference: Reference, before: int, again: Ended) -> tuple[str, str]:
    """Returns what was done again, and the line that says where it went on."""
    name = reference.work.name
    said = again.said()
    if name == "training":
        found = re.search(r"Going on from step (\d+)[^|]*", said)
        step = int(found[1]) if found else 0
        is_done = "is finished" in said
        lost = 0 if is_done else max(0, before - step)
        return f"{lost} steps" if lost else "nothing", (
            found[0].strip() if found else ""
        )
    if name == "folder run":
        found = re.search(r"(\d+) kept", said)
        kept = int(found[1]) if found else 0
        lost = before - kept
        return (f"{lost} pictures" if lost else "nothing"), (
            found[0] if found else ""
        )
    if name == "film":
        found = re.search(r"Going on after[^|]*", said)
        return "nothing", found[0].strip() if found else ""
    return "nothing", ""
