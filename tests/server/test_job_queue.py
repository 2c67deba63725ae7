import threading
import time
import warnings

import pytest

from multistyle.errors import InputWarning
from multistyle.server.job_queue import JobQueue
from multistyle.server.jobs import Job, Result


@pytest.fixture
def make_job(tmp_path):
    """Returns a function that makes a job with a folder of its own."""

    def make(work, kind="picture"):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        return Job(kind=kind, folder=folder, work=work)

    return make


def finish(job):
    return Result(facts={})


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_jobs_wait_for_their_place(make_job):
    queue = JobQueue()
    gate = threading.Event()
    order = []

    def wait(job):
        gate.wait(10)
        return finish(job)

    def note(job):
        order.append(job.kind)
        return finish(job)

    first = make_job(wait)
    queue.add(first)
    wait_for(lambda: first.state == "running")
    others = [make_job(note, kind) for kind in ("film", "grid", "path")]
    for job in others:
        queue.add(job)
    assert queue.place(first) is None and queue.num_waiting == 3
    assert [queue.place(job) for job in others] == [1, 2, 3]
    queue.cancel(others[1])
    assert others[1].state == "cancelled" and others[1].is_over
    assert [queue.place(job) for job in others] == [1, None, 2]
    # A preview waits for nothing that takes long.
    preview = make_job(note, "preview")
    queue.add(preview)
    wait_for(lambda: preview.is_over)
    assert first.state == "running"
    gate.set()
    wait_for(lambda: others[2].is_over)
    assert order == ["preview", "film", "path"]
    queue.stop(5)


def test_several_threads_run_several_jobs(make_job):
    queue = JobQueue(2)
    barrier = threading.Barrier(2)

    def meet(job):
        barrier.wait(10)
        return finish(job)

    both = [make_job(meet), make_job(meet)]
    for job in both:
        queue.add(job)
    wait_for(lambda: all(job.state == "done" for job in both))
    queue.stop(5)


def test_the_end_cancels_what_waits_and_what_runs(make_job):
    queue = JobQueue()

    def go_on(job):
        while True:
            job.check()
            time.sleep(0.01)

    running, waiting = make_job(go_on), make_job(finish)
    queue.add(running)
    wait_for(lambda: running.state == "running")
    queue.add(waiting)
    queue.cancel(running)
    queue.stop(5)
    assert waiting.state == running.state == "cancelled"
    assert running.is_over and not running.folder.exists()


def test_warnings_are_notes_of_their_job(make_job):
    queue = JobQueue()

    def warn(job):
        warnings.warn("`a.gif` moves.", InputWarning, stacklevel=1)
        warnings.warn("`a.gif` moves.", InputWarning, stacklevel=1)
        return finish(job)

    job = make_job(warn)
    with warnings.catch_warnings(), queue.noted_warnings():
        warnings.simplefilter("always")
        queue.add(job)
        wait_for(lambda: job.is_over)
    assert job.describe(None)["notes"] == ["`a.gif` moves."]
    queue.stop(5)
