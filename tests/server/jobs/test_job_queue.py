import functools
import tempfile
import threading
import time
import warnings
import weakref
from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError, InputWarning
from multistyle.server.jobs.efforts import Effort
from multistyle.server.jobs.job import Job, Result
from multistyle.server.jobs.job_queue import JobQueue
from multistyle.server.refusals import Refusal


@pytest.fixture
def make_job(tmp_path):
    """Returns a function that makes a job with a folder of its own."""

    def make(work, kind="picture"):
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
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


def test_a_job_that_is_over_holds_nothing_of_what_it_was_made_of(make_job):
    """A visitor's last results are kept; their masks are as large as they."""
    queue = JobQueue()
    gate = threading.Event()

    def paint(job, mask, is_broken):
        gate.wait(10)
        if is_broken:
            raise InputError("It cannot be painted.")
        return Result(facts={"sum": mask.sum()})

    def order(is_broken=False):
        mask = np.zeros((8, 8))
        work = functools.partial(paint, mask=mask, is_broken=is_broken)
        return make_job(work), weakref.ref(mask)

    ordered = [order(), order(is_broken=True), order()]
    jobs, masks = zip(*ordered, strict=True)
    for job in jobs:
        queue.add(job)
    queue.cancel(jobs[2])
    assert [mask() is None for mask in masks] == [False, False, True]
    gate.set()
    wait_for(lambda: all(job.is_over for job in jobs))
    assert [job.state for job in jobs] == ["done", "failed", "cancelled"]
    assert [mask() for mask in masks] == [None] * 3
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


def go_on(job):
    while True:
        job.check()
        time.sleep(0.01)


def test_the_end_hands_back_what_waits_and_what_takes_too_long(make_job):
    queue = JobQueue(2)
    gate = threading.Event()

    def be_short(job):
        gate.wait(10)
        return finish(job)

    long, short, waiting = (make_job(work) for work in (go_on, be_short, None))
    # A second a pixel: about two minutes.
    long.effort = Effort(rest="a walk", units=120, usual=1)
    for job in (long, short):
        queue.add(job)
    wait_for(lambda: short.state == "running")
    queue.add(waiting)
    assert queue.wait(waiting) is None  # The short one says nothing of it.
    queue.close()
    assert waiting.state == "failed" and waiting.is_over
    assert "ask for it again when it is back" in waiting.error
    assert not waiting.folder.exists()
    with pytest.raises(Refusal, match="The server is ending") as refused:
        queue.add(make_job(finish))
    assert refused.value.status == 503
    # One is hopeless in half a minute; the other may be done in time.
    assert not queue.hand_back(30)
    wait_for(lambda: long.is_over)
    assert long.state == "failed" and "not finished" in long.error
    assert short.state == "running"
    gate.set()
    wait_for(lambda: short.is_over)
    assert short.state == "done" and queue.hand_back(30)
    queue.stop(5)


def test_the_end_of_patience_hands_back_what_runs(make_job):
    queue = JobQueue()
    job = make_job(go_on)
    queue.add(job)
    wait_for(lambda: job.state == "running")
    assert not queue.hand_back(0.1)
    assert job.state == "running"
    queue.hand_back(0)
    wait_for(lambda: job.is_over)
    assert job.state == "failed" and not job.folder.exists()
    queue.stop(5)


def test_the_time_until_a_job_s_turn_is_told(make_job):
    queue = JobQueue()
    first, second, preview = (
        make_job(go_on, kind) for kind in ("film", "grid", "preview")
    )
    for job in (first, second, preview):
        job.effort = Effort(rest="all", units=10, usual=100)
    queue.add(first)
    wait_for(lambda: first.state == "running")
    for job in (second, preview):
        queue.add(job)
    # To the whole second: it is of no matter in a quarter of an hour.
    told = queue.describe(second)
    assert told["place"] == 1 and 1990 < told["seconds_left"] <= 2000
    assert 990 < queue.describe(first)["seconds_left"] <= 1000
    assert queue.describe(preview)["seconds_left"] <= 1000
    assert queue.before() == [first, second] and queue.wait() > 1990
    queue.remove(first)
    wait_for(lambda: second.state == "running")
    assert queue.before() == [second] and queue.wait(second) == 0
    for job in (second, preview):
        queue.remove(job)
    queue.stop(5)


def test_what_a_removed_job_made_goes_with_it(make_job):
    queue = JobQueue()
    jobs = [make_job(finish), make_job(finish)]
    for job in jobs:
        queue.add(job)
    wait_for(lambda: all(job.is_over for job in jobs))
    queue.remove(jobs[0])
    assert [job.folder.exists() for job in jobs] == [False, True]
    queue.stop(5)


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
