"""The queue: jobs of all visitors, so many at a time."""

import contextlib
import shutil
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

from multistyle.errors import InputWarning
from multistyle.server.jobs.job import Job
from multistyle.server.refusals import Refusal

# What is painted while a slider rests has a thread of its own: it takes about a
# second, and would else wait for a film.
_QUICK = "preview"
_ENDING = "The server is ending: try again when it is back."
_HANDED_BACK = (
    "The server is ending, and this was not finished: ask for it again when "
    "it is back."
)
# What takes so many times as long as there is time will not be finished.
_HOPELESS = 2.0


class JobQueue:
    """Runs jobs, so many at a time, in threads of their own.

    Args:
        num_threads: how many run at a time, besides one preview.
    """

    def __init__(self, num_threads: int = 1) -> None:
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._num_threads = num_threads
        self._takes_jobs = True
        self._idle_since = time.monotonic()
        self._changed = threading.Condition()
        self._is_open = True
        self._current = threading.local()
        self._threads = [
            threading.Thread(target=self._work, args=(is_quick,), daemon=True)
            for is_quick in [True, *[False] * num_threads]
        ]
        for thread in self._threads:
            thread.start()

    def check_open(self) -> None:
        """Refuses where the server is about to end."""
        if not self._takes_jobs:
            raise Refusal(_ENDING, 503)

    def add(self, job: Job) -> None:
        """Puts a job at the end; refuses where the server is about to end."""
        with self._changed:
            self.check_open()
            self._waiting.append(job)
            self._changed.notify_all()

    def cancel(self, job: Job) -> None:
        """Takes a job out, or ends it as soon as it asks."""
        with self._changed:
            job.cancel()
            if job in self._waiting:
                self._waiting.remove(job)
                self._leave(job)

    def remove(self, job: Job) -> None:
        """Cancels a job, and removes what it made, now or once it is over."""
        with self._changed:
            self.cancel(job)
            job.is_removed = True
            if job.is_over:
                self._leave(job)

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

    @property
    def idle_seconds(self) -> float:
        """For how long nothing has run or waited."""
        with self._changed:
            if self._running or self._waiting:
                return 0.0
            return time.monotonic() - self._idle_since

    def before(self, job: Job | None = None) -> list[Job]:
        """Returns the jobs that run or wait before one.

        Args:
            job: that waits; none is before any other. None is a new one that
                is no preview.
        """
        with self._changed:
            is_quick = job is not None and job.kind == _QUICK
            lane = self._lane(is_quick)
            if job is not None:
                lane = lane[: lane.index(job)] if job in lane else []
                if job.state != "queued":
                    return []
            return [
                each
                for each in [*self._running, *lane]
                if (each.kind == _QUICK) == is_quick
                and each is not job
                and not each.has_ended
            ]

    def wait(self, job: Job | None = None) -> float | None:
        """Returns about how many seconds a job waits, or None; see `before`."""
        times = [each.seconds_left for each in self.before(job)]
        known = [each for each in times if each is not None]
        if len(known) < len(times):
            return None
        is_quick = job is not None and job.kind == _QUICK
        return sum(known) / (1 if is_quick else self._num_threads)

    def describe(self, job: Job) -> dict[str, Any]:
        """Returns what a job's visitor is told of it, for JSON."""
        return job.describe(self.place(job), self.wait(job))

    def close(self) -> None:
        """Takes no more jobs, and hands back those that wait."""
        with self._changed:
            self._takes_jobs = False
            for job in self._waiting:
                job.give_up(_HANDED_BACK)
                self._leave(job)
            self._waiting.clear()

    def hand_back(self, seconds: float) -> bool:
        """Ends what will not be finished in time.

        Args:
            seconds: that are left for it.

        Returns:
            Whether nothing runs any more.
        """
        with self._changed:
            for job in self._running:
                left = job.seconds_left
                is_hopeless = left is not None and left > _HOPELESS * seconds
                if seconds <= 0 or is_hopeless:
                    job.give_up(_HANDED_BACK)
            return not self._running

    def stop(self, seconds: float) -> None:
        """Ends its threads, and waits so long for those that work."""
        self.close()
        with self._changed:
            self._is_open = False
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

    def _leave(self, job: Job) -> None:
        """Lets a job go; nothing stays of what nobody will take."""
        if job.state != "done" or job.is_removed:
            shutil.rmtree(job.folder, ignore_errors=True)
        job.close()

    def _work(self, is_quick: bool) -> None:
        while True:
            with self._changed:
                while self._is_open and not self._lane(is_quick):
                    self._changed.wait()
                if not self._is_open:
                    return
                job = self._lane(is_quick)[0]
                self._waiting.remove(job)
                self._running.append(job)
                job.start()  # While nobody can cancel it.
            self._current.job = job
            job.run()
            self._current.job = None
            with self._changed:
                self._running.remove(job)
                self._leave(job)
                self._idle_since = time.monotonic()
