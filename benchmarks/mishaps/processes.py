"""The command line in processes of its own, which may be killed."""

import multiprocessing
import os
import resource
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

# Of one command on a busy machine; what takes longer hangs.
TIMEOUT = 400
_EVENTS = {
    "open",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.truncate",
}
_PACKAGES = ["tensorflow", "keras", "h5py", "PIL.Image", "numpy"]


class Ended(NamedTuple):
    """How a command ended.

    Attributes:
        code: its exit code; below 0 the signal that ended it.
        seconds: it ran.
        events: how often it touched a file under its folder.
        lines: of its standard error.
    """

    code: int
    seconds: float
    events: int
    lines: list[str]

    @property
    def is_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    def said(self) -> str:
        """The lines in one, for a report."""
        return " | ".join(self.lines)

    def complaints(self) -> list[str]:
        """The lines that say what goes wrong."""
        return [
            line
            for line in self.lines
            if line.startswith(("multistyle ", "Left out", "Traceback"))
        ]


class Place:
    """A folder with inputs, outputs, and a home of its own.

    Args:
        folder: path; it is made.

    Attributes:
        folder, outputs, cache, temporaries: `Path`s.
        variables: dict, more of its environment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outputs = folder / "outputs"
        self.cache = folder / "cache"
        self.temporaries = folder / "temporaries"
        self.variables: dict[str, str] = {}
        for path in (self.outputs, self.cache, self.temporaries):
            path.mkdir(parents=True, exist_ok=True)

    def environment(self) -> dict[str, str]:
        """Returns what differs from this process's environment."""
        return {
            "XDG_CACHE_HOME": str(self.cache),
            "TMPDIR": str(self.temporaries),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "KERAS_BACKEND": "tensorflow",
            "COLUMNS": "1000",
            **self.variables,
        }

    def empty(self) -> None:
        """Removes outputs, cache and temporary files."""
        for path in (self.outputs, self.cache, self.temporaries):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)


def run(
    arguments: Sequence[str],
    place: Place,
    *,
    kill_after: float | None = None,
    kill_at_event: int | None = None,
    kill_when: Path | None = None,
    limits: Mapping[int, int] | None = None,
    prepare: Callable[[], None] | None = None,
    meanwhile: Callable[[int], None] | None = None,
    log: str = "log",
) -> Ended:
    """Runs `multistyle` with some arguments, and waits for its end.

    The process is forked from one that has imported the packages, so that
    what a kill meets is the work.

    Args:
        arguments: of `multistyle`.
        place: where it runs, from whose folder paths count.
        kill_after: seconds after which it gets SIGKILL.
        kill_at_event: number of the time, from 1, that it is about to touch a
            file under the place's folder, at which it gets SIGKILL.
        kill_when: path; when it is there, the process gets SIGKILL.
        limits: from a number of `resource`, as RLIMIT_FSIZE, to the limit.
        prepare: function of a module, called in the process before.
        meanwhile: called with the process's number when it has begun.
        log: name for the files of what it says.
    """
    said = place.folder / log
    events = said.with_suffix(".events")
    events.write_bytes(b"")
    process = _context().Process(
        target=_work,
        args=(
            list(arguments),
            str(place.folder),
            str(said),
            str(events),
            place.environment(),
            kill_at_event,
            dict(limits or {}),
            prepare,
        ),
    )
    start = time.monotonic()
    process.start()
    if kill_after is not None:
        killer = threading.Timer(kill_after, process.kill)
        killer.daemon = True
        killer.start()
    assert process.pid is not None
    if kill_when is not None:
        wait_for(process.pid, kill_when.exists)
        process.kill()
    if meanwhile is not None:
        meanwhile(process.pid)
    process.join(TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"`{' '.join(arguments)}` hangs.")
    seconds = time.monotonic() - start
    if process.exitcode in (-signal.SIGABRT, -signal.SIGSEGV):
        time.sleep(2)  # The process that says why speaks after its end.
    return Ended(
        process.exitcode,
        seconds,
        events.stat().st_size,
        _lines(said.with_suffix(".err").read_text("utf-8", "replace")),
    )


def wait_for(pid: int, is_so: Callable[[], bool]) -> None:
    """Waits until something is so, or a process has ended."""
    while not is_so():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


_contexts: list[Any] = []


def _context() -> Any:
    if not _contexts:
        # Read when TensorFlow is imported.
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        os.environ["KERAS_BACKEND"] = "tensorflow"
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PACKAGES)
        _contexts.append(context)
    return _contexts[0]


def _work(
    arguments: list[str],
    folder: str,
    log: str,
    events: str,
    environment: dict[str, str],
    kill_at_event: int | None,
    limits: dict[int, int],
    prepare: Callable[[], None] | None,
) -> None:
    """The process: the command line under an eye on its files."""
    os.environ.update(environment)
    os.chdir(folder)
    for number, suffix in ((1, ".out"), (2, ".err")):
        with open(log + suffix, "wb", buffering=0) as file:
            os.dup2(file.fileno(), number)
    counter = os.open(events, os.O_WRONLY | os.O_APPEND)
    count = 0
    writing = os.O_WRONLY | os.O_RDWR

    def watch(event: str, facts: tuple) -> None:
        nonlocal count
        if event not in _EVENTS or not isinstance(facts[0], (str, os.PathLike)):
            return
        if event == "open" and not (facts[2] or 0) & writing:
            return
        if not os.path.abspath(os.fspath(facts[0])).startswith(folder):
            return
        count += 1
        os.write(counter, b".")
        if count == kill_at_event:
            os.kill(os.getpid(), signal.SIGKILL)

    for number, value in limits.items():
        resource.setrlimit(number, (value, value))
    if prepare is not None:
        prepare()
    from multistyle.cli.main import main

    sys.addaudithook(watch)
    sys.exit(main(arguments))
