"""Visitors: each with files, jobs and styles that nobody else sees."""

import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from multistyle.server.jobs.job import Job
from multistyle.server.jobs.job_queue import JobQueue
from multistyle.server.limits import Limits
from multistyle.server.refusals import not_found
from multistyle.server.shelf import Model
from multistyle.server.uploads import Upload

# Seconds without a request after which a visitor is gone.
AWAY = 3600.0
# Results and masks that are kept of one. A job reads its masks when it is
# ordered.
_MOST_ENDED, _MOST_MASKS = 20, 16


@dataclass(kw_only=True, eq=False)
class Visitor:
    """One visitor, known by a cookie.

    What goes through its dicts goes through copies: requests of the same
    visitor, in threads of their own, add and remove meanwhile.

    Attributes:
        secret: what the cookie holds.
        folder: for files.
        uploads, jobs: by id.
        models: those that the visitor brought, by name.
        rows: of learned styles: fingerprint of shared weights -> style name
            -> float32 [2, R], see `flatten_row`. They stay as long as the
            visitor: arrays of each layer would lie scattered in the heap,
            and keep a page of memory each.
        num_arriving: how many files are on their way.
    """

    secret: str
    folder: Path
    uploads: dict[str, Upload] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    rows: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    num_arriving: int = 0
    seen_at: float = field(default_factory=time.monotonic)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with the visitor."""
        own = (self.uploads, self.jobs, self.models, self.rows)
        return not (any(own) or self.num_arriving)

    def upload(self, id: object, *kinds: str) -> Upload:
        """Returns a file of one of some kinds, or refuses."""
        found = self.uploads.get(str(id))
        if found is None or (kinds and found.kind not in kinds):
            raise not_found(" or ".join(kinds) or "file")
        return found

    def job(self, id: str) -> Job:
        """Returns a job, whose visitor is there; or refuses."""
        if id not in self.jobs:
            raise not_found("job")
        self.jobs[id].touch()
        return self.jobs[id]

    def forget_old_jobs(self) -> None:
        """Removes previews that were shown, and the oldest results."""
        ended = [job for job in list(self.jobs.values()) if job.is_over]
        kept = [job for job in ended if job.kind != "preview"][-_MOST_ENDED:]
        for job in ended:
            if job not in kept:
                self.jobs.pop(job.id, None)
                shutil.rmtree(job.folder, ignore_errors=True)

    def forget_old_masks(self) -> None:
        """Removes the oldest masks: a brush makes a new one each time."""
        masks = [
            one for one in list(self.uploads.values()) if one.kind == "mask"
        ]
        for mask in masks[:-_MOST_MASKS]:
            self.uploads.pop(mask.id, None)
            mask.remove()

    @property
    def num_uploads(self) -> int:
        """How many files there are, or soon will be.

        Masks are none, which go by themselves.
        """
        kept = sum(one.kind != "mask" for one in list(self.uploads.values()))
        return kept + self.num_arriving

    @property
    def num_jobs(self) -> int:
        """How many jobs wait or run; a preview, which is short, is none."""
        return sum(
            not job.has_ended and job.kind != "preview"
            for job in list(self.jobs.values())
        )


class Visitors:
    """All visitors.

    Args:
        folder: for their files.
        limits: how many there may be.
        queue: what runs their jobs.
    """

    def __init__(self, folder: Path, limits: Limits, queue: JobQueue) -> None:
        self._folder = folder
        self._limits = limits
        self._queue = queue
        self._known: dict[str, Visitor] = {}

    def greet(self, secret: str | None) -> Visitor:
        """Returns the visitor of a cookie, or a new one."""
        visitor = self._known.get(secret or "")
        if visitor is None:
            self._make_room()
            self._limits.check_visitors(len(self._known))
            folder = self._folder / secrets.token_hex(8)
            folder.mkdir()
            visitor = Visitor(secret=secrets.token_urlsafe(24), folder=folder)
            self._known[visitor.secret] = visitor
        visitor.seen_at = time.monotonic()
        return visitor

    def sweep(self) -> None:
        """Ends what nobody waits for, and forgets who is gone."""
        now = time.monotonic()
        for visitor in list(self._known.values()):
            jobs = list(visitor.jobs.values())
            for job in jobs:
                if job.is_abandoned:
                    self._queue.cancel(job)
            is_waiting = any(not job.has_ended for job in jobs)
            if now - visitor.seen_at > AWAY and not is_waiting:
                self._forget(visitor)

    @property
    def await_files(self) -> bool:
        """Whether a file was made that its visitor is about to take."""
        return any(
            job.is_awaited
            for visitor in self._known.values()
            for job in list(visitor.jobs.values())
        )

    def _make_room(self) -> None:
        """Forgets who brought nothing and was away longest, if all is full."""
        if len(self._known) < self._limits.visitors:
            return
        empty = [each for each in self._known.values() if each.is_empty]
        if empty:
            self._forget(min(empty, key=lambda each: each.seen_at))

    def _forget(self, visitor: Visitor) -> None:
        del self._known[visitor.secret]
        shutil.rmtree(visitor.folder, ignore_errors=True)

    def end_jobs(self) -> None:
        """Cancels all jobs of all visitors."""
        for visitor in self._known.values():
            for job in list(visitor.jobs.values()):
                self._queue.cancel(job)
