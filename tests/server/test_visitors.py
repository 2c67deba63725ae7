import pytest

from multistyle.server.jobs.job import Job, Result
from multistyle.server.jobs.job_queue import JobQueue
from multistyle.server.limits import Limits
from multistyle.server.visitors import Visitors


@pytest.fixture
def visitors(tmp_path):
    queue = JobQueue()
    yield Visitors(tmp_path, Limits(), queue)
    queue.stop(10)


class _LookedAt(Job):
    """A job that another one follows while somebody looks at it."""

    def __init__(self, visitor):
        super().__init__(
            kind="picture",
            folder=visitor.folder,
            work=lambda job: Result(facts={}),
            state="done",
        )
        self._visitor = visitor

    def _come(self):
        other = Job(
            kind="picture", folder=self.folder, work=self.work, state="done"
        )
        self._visitor.jobs[other.id] = other

    @property
    def has_ended(self):
        self._come()
        return True

    @property
    def is_abandoned(self):
        self._come()
        return False

    @property
    def is_awaited(self):
        self._come()
        return False


@pytest.mark.parametrize(
    "look",
    [
        lambda visitors, visitor: visitor.num_jobs,
        lambda visitors, visitor: visitors.sweep(),
        lambda visitors, visitor: visitors.await_files,
        lambda visitors, visitor: visitors.end_jobs(),
    ],
)
def test_jobs_come_while_they_are_looked_through(visitors, look):
    visitor = visitors.greet(None)
    job = _LookedAt(visitor)
    visitor.jobs[job.id] = job
    assert not look(visitors, visitor)
    assert len(visitor.jobs) > 1
