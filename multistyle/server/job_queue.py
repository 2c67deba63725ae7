"""The queue: jobs of all visitors, so many at a time."""

import contextlib
import shutil
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

from multistyle.errors import InputWarning
from multistyle.server.jobs import Job

# What is painted while a slider rests has a thread of its own: it takes about a
# second, and would else wait for a film.
_QUICK = "preview"


class JobQueue:
    """Runs jobs, so many at a time, in threads of their own.

    Args:
        num_threads: how many run at a time, besides one preview.
    """

    def __init__(self, num_threads: int = 1) -> None:
        self._waiting: list[Job] = []
        self._changed = threading.Condition()
        self._is_open = True
        self._current = threading.local()
        self._threads = [
            threading.Thread(target=self._work, args=(is_quick,), daemon=True)
            for is_quick in [True, *[False] * num_threads]
        ]
        for thread in self._threads:
            thread.start()

    def add(self, job: Job) -> None:
        """Puts a job at the end."""
        with self._changed:
            self._waiting.append(job)
            self._changed.notify_all()

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
            others = self._lane(job.kind == _QUICK)
            return others.index(job) + 1 if job in others else None

    @property
    def num_waiting(self) -> int:
        """How many jobs wait, but previews."""
        with self._changed:
            return len(self._lane(False))

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

    def _lane(self, is_quick: bool) -> list[Job]:
        return [
            job for job in self._waiting if (job.kind == _QUICK) == is_quick
        ]

    def _work(self, is_quick: bool) -> None:
        while True:
            with self._changed:
                while self._is_open and not self._lane(is_quick):
                    self._changed.wait()
                if not self._is_open:
                    return
                job = self._lane(is_quick)[0]
                self._waiting.remove(job)
            self._current.job = job
            if job.state == "queued":
                job.run()
            self._current.job = None
            if job.state != "done":
                shutil.rmtree(job.folder, ignore_errors=True)
            job.is_over = True
