"""Where nothing can be written: full, limited, read-only, or gone."""

import contextlib
import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from mishaps.outcomes import Outcome
from mishaps.processes import Ended, wait_for
from mishaps.references import Reference

FULL = "disk full"
LIMITED = "RLIMIT_FSIZE"
READ_ONLY = "read-only folder"
DELETED = "folder deleted"
# Bytes that let each work begin, and do not suffice for its end.
_ROOM = {
    "training": 1_500_000,
    "learning": 4_096,
    "folder run": 49_152,
    "film": 100_000,
    "export": 60_000,
    "pack": 24_000,
}
_LIMIT = {
    "training": 60_000,
    "learning": 4_000,
    "folder run": 2_000,
    "film": 20_000,
    "export": 60_000,
    "pack": 4_000,
}
# A file that says that a work has begun to write.
_FIRST = {
    "training": "run/checkpoints/step_*.npz",
    "folder run": "painted/photo_03.png",
    "film": ".painted.mp4.segments/*.npz",
}


def fill(reference: Reference) -> Outcome:
    """Gives a work a disk that is too small, and then one that is not."""
    name = reference.work.name
    reference.renew()
    with disk(reference.place.outputs, _ROOM[name]) as mounted:
        ended = reference.run()
        problem = refusal(ended, "cannot be written: No space left")
        problem = problem or reference.find_torn()
        mounted.grow()
        return finish(reference, FULL, ended, problem)


def limit(reference: Reference) -> Outcome:
    """Lets a work write no file above a size, and then any."""
    reference.renew()
    most = _LIMIT[reference.work.name]
    ended = reference.run(limits={resource.RLIMIT_FSIZE: most})
    problem = refusal(ended, "cannot be written: File too large")
    problem = problem or reference.find_torn()
    return finish(reference, LIMITED, ended, problem)


def protect(reference: Reference) -> Outcome:
    """Gives a work a folder that cannot be written, and then one that can."""
    reference.renew()
    with disk(reference.place.outputs, 64_000_000) as mounted:
        mounted.protect()
        ended = reference.run()
        problem = refusal(ended, "cannot be written: Read-only file system")
        mounted.grow()
        return finish(reference, READ_ONLY, ended, problem)


def delete(reference: Reference) -> Outcome:
    """Deletes the folder that a work writes in, and lets it begin again.

    A work may make it anew; else it says so. What was there is lost.
    """
    reference.renew()
    outputs = reference.place.outputs
    pattern = _FIRST[reference.work.name]

    def meanwhile(number: int) -> None:
        wait_for(number, lambda: any(outputs.glob(pattern)))
        for path in list(outputs.iterdir()):
            shutil.rmtree(path, ignore_errors=True)

    ended = reference.run(meanwhile=meanwhile)
    problem = ""
    if ended.code:
        problem = refusal(ended, "cannot be written|No such file|are .* gone")
    # Of a training that goes on the first steps' log is gone, for one.
    only = "run/model.keras" if reference.work.name == "training" else None
    lost = "what was deleted"
    return finish(reference, DELETED, ended, problem, lost=lost, only=only)


def refusal(ended: Ended, expected: str) -> str:
    """Returns what is wrong with how a command refused, or ""."""
    complaints = ended.complaints()
    if ended.code not in (1, 2):
        return f"it ended with {ended.code}: {ended.said()}"
    if len(complaints) != 1 or not re.search(expected, complaints[0]):
        return f"not one line of `{expected}`: {ended.said()}"
    return ""


def finish(
    reference: Reference,
    kind: str,
    ended: Ended,
    problem: str,
    *,
    moment: str = "",
    lost: str = "nothing",
    only: str | None = None,
) -> Outcome:
    """Runs the same command where all is well, and says what came of it."""
    gap = 0.0
    if not problem:
        problem, gap, _ = reference.ends_as_unbroken(only)
    line = (ended.complaints() or [""])[0]
    place = f"{reference.place.folder}/"
    return Outcome(
        kind,
        reference.work.name,
        moment,
        line.replace(place, ""),
        lost,
        problem,
        gap,
    )


class Disk:
    """A small disk in memory."""

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        self._mount("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs")

    def grow(self) -> None:
        self._mount("mount", "-o", "remount,rw,size=64m")

    def protect(self) -> None:
        self._mount("mount", "-o", "remount,ro")

    def unmount(self) -> None:
        self._mount("umount", "--lazy")

    def _mount(self, *command: str) -> None:
        subprocess.run(
            [*command, str(self.path)], check=True, capture_output=True
        )


@contextlib.contextmanager
def disk(path: Path, size: int) -> Iterator[Disk]:
    """Puts a small disk where a folder is; only root may."""
    mounted = Disk(path, size)
    try:
        yield mounted
    finally:
        mounted.unmount()


def can_mount(folder: Path) -> bool:
    """Says whether this process may put a disk somewhere."""
    try:
        with disk(folder, 100_000):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
