"""Jobs: what visitors asked for, one at a time, and how far it is."""

import contextlib
import secrets
import shutil
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from multistyle.errors import InputError, InputWarning
from multistyle.server.sentences import to_sentence

# Seconds without a question after which nobody is there any more.
PATIENCE = 30.0
# Before it, the time that is left cannot be told.
_FIRST_SHARE = 0.02
_ENDS = ("done", "failed", "cancelled")
# What is painted while a slider rests goes before what is waited for.
_QUICK = "preview"


class Cancelled(BaseException):
    """Ends a job whose visitor does not want it any more."""


@dataclass(kw_only=True)
class Result:
    """What a job made.

    Attributes:
        facts: for JSON, what the visitor is told.
        path: of the file, or None.
        type: of the file, such as "image/png".
    """

    facts: dict[str, Any]
    path: Path | None = None
    type: str = ""


@dataclass(kw_only=True, eq=False)
class Job:
    """One wish of a visitor.

    Attributes:
        kind: such as "picture".
        folder: for what it writes.
        work: makes the result; it calls `progress`, `count` or `check` now
            and then, which end it where it is cancelled.
    """

    kind: str
    folder: Path
    work: "Callable[[Job], Result]"
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: str = "queued"
    share: float = 0.0
    frames: tuple[int, int | None] | None = None
    error: str | None = None
    notes: list[str] = field(default_factory=list)
    result: Result | None = None
    streams: int = 0
    asked_at: float = field(default_factory=time.monotonic)
    is_over: bool = False
    _begun_at: float = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in _ENDS

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody asks how far it is any more."""
        is_alone = not self.streams and not self.has_ended
        return is_alone and time.monotonic() - self.asked_at > PATIENCE

    def touch(self) -> None:
        """Notes that somebody asks how far it is."""
        self.asked_at = time.monotonic()

    def check(self) -> None:
        """Raises Cancelled where the visitor does not want it any more."""
        if self.state == "cancelled":
            raise Cancelled

    def progress(self, share: float) -> None:
        """Tells how far it is, in [0, 1]."""
        self.check()
        self.share = min(1.0, max(0.0, float(share)))

    def count(self, done: int, total: int | None) -> None:
        """Tells how many frames are done, of how many, where that is known."""
        self.frames = (done, total)
        self.progress(done / total if total else 0)

    def note(self, line: str) -> None:
        """Adds a sentence for the visitor."""
        sentence = to_sentence(line)
        if sentence not in self.notes:
            self.notes.append(sentence)

    def cancel(self) -> None:
        """Ends it: at once where it waits, else as soon as it asks."""
        if not self.has_ended:
            self.state = "cancelled"

    def describe(self, place: int | None) -> dict[str, Any]:
        """Returns what the visitor is told, for JSON.

        Args:
            place: in the queue, from 1; None where it does not wait.
        """
        frames = self.frames and dict(
            zip(("done", "total"), self.frames, strict=True)
        )
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "place": place,
            "share": round(self.share, 4),
            "seconds_left": self._seconds_left(),
            "frames": frames,
            "error": self.error,
            "notes": list(self.notes),
            "result": self.result and self.result.facts,
        }

    def run(self) -> None:
        """Does the work; what goes wrong becomes a sentence."""
        self._begun_at = time.monotonic()
        self.state = "running"
        try:
            result = self.work(self)
            self.check()
        except Cancelled:
            return
        except (InputError, OSError) as error:
            self._fail(to_sentence(error))
        except MemoryError:
            self._fail(
                "There is not enough memory for that: choose a smaller size."
            )
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self._fail(
                f"Something went wrong on the server ({type(error).__name__}); "
                "whoever runs it finds the details where it was started."
            )
        else:
            self.share = 1.0
            self.result = result
            self.state = "done"

    def _fail(self, sentence):
        if self.state != "cancelled":
            self.error = sentence
            self.state = "failed"

    def _seconds_left(self):
        if self.state != "running" or self.share < _FIRST_SHARE:
            return None
        passed = time.monotonic() - self._begun_at
        return round(passed * (1 / self.share - 1), 1)


class JobQueue:
    """Runs jobs, so many at a time, in threads of their own.

    Args:
        num_threads: how many run at a time.
    """

    def __init__(self, num_threads: int = 1) -> None:
        self._waiting: list[Job] = []
        self._changed = threading.Condition()
        self._is_open = True
        self._current = threading.local()
        self._threads = [
            threading.Thread(target=self._work, daemon=True)
            for _ in range(num_threads)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, job: Job) -> None:
        """Puts a job at the end, or a preview before what takes long."""
        with self._changed:
            if job.kind == _QUICK:
                place = sum(each.kind == _QUICK for each in self._waiting)
                self._waiting.insert(place, job)
            else:
                self._waiting.append(job)
            self._changed.notify()

    def cancel(self, job: Job) -> None:
        """Takes a job out, or ends it as soon as it asks."""
        with self._changed:
            job.cancel()
            if job in self._waiting:
                self._waiting.remove(job)
                job.is_over = True

    def place(self, job: Job) -> int | None:
        """Returns a job's place, from 1; None where it does not wait."""
        with self._changed:
            if job not in self._waiting:
                return None
            return self._waiting.index(job) + 1

    @property
    def num_waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    def stop(self, seconds: float) -> None:
        """Takes no more jobs, and waits so long for the one that runs."""
        with self._changed:
            self._is_open = False
            for job in self._waiting:
                job.cancel()
            self._waiting.clear()
            self._changed.notify_all()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    @contextlib.contextmanager
    def noted_warnings(self) -> Iterator[None]:
        """Makes notes of a job's own of its `InputWarning`s in a block."""
        show = warnings.showwarning

        def note(
            message: Warning | str, category: type[Warning], *details: Any
        ) -> None:
            job = getattr(self._current, "job", None)
            if job is not None and issubclass(category, InputWarning):
                job.note(str(message))
            else:
                show(message, category, *details)

        patched: Any = note
        warnings.showwarning = patched
        try:
            yield
        finally:
            warnings.showwarning = show

    def _work(self):
        while True:
            with self._changed:
                while self._is_open and not self._waiting:
                    self._changed.wait()
                if not self._is_open:
                    return
                job = self._waiting.pop(0)
            self._current.job = job
            if job.state == "queued":
                job.run()
            self._current.job = None
            if job.state != "done":
                shutil.rmtree(job.folder, ignore_errors=True)
            job.is_over = True
