import time

import pytest

from multistyle.errors import InputError
from multistyle.server.jobs import job as jobs
from multistyle.server.jobs.efforts import Effort
from multistyle.server.jobs.job import Job, Result


def make_job(work, tmp_path):
    return Job(kind="picture", folder=tmp_path, work=work)


def test_a_job_tells_how_far_it_is(tmp_path):
    told = []

    def work(job):
        job.progress(0.25)
        told.append(job.describe(None))
        job.count(3, 4)
        told.append(job.describe(None))
        return Result(facts={"name": "a.png"})

    job = make_job(work, tmp_path)
    assert job.describe(2)["place"] == 2
    job.run()
    assert [state["share"] for state in told] == [0.25, 0.75]
    assert told[0]["state"] == "running" and told[0]["seconds_left"] >= 0
    assert told[1]["frames"] == {"done": 3, "total": 4}
    done = job.describe(None)
    assert done["state"] == "done" and done["share"] == 1
    assert done["result"] == {"name": "a.png"}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("`a.png` is empty."), "`a.png` is empty."),
        (MemoryError(), "There is not enough memory for that"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_what_goes_wrong_is_said(error, sentence, tmp_path):
    def work(job):
        raise error

    job = make_job(work, tmp_path)
    job.run()
    assert job.state == "failed" and sentence in job.describe(None)["error"]


def test_a_fault_of_ours_goes_to_the_log(tmp_path, capsys):
    job = make_job(lambda job: 1 / 0, tmp_path)
    job.run()
    assert "ZeroDivisionError" in job.error
    assert "1 / 0" in capsys.readouterr().err


def test_a_cancelled_job_ends_when_it_next_tells(tmp_path):
    def work(job):
        job.cancel()
        job.progress(0.5)
        raise AssertionError

    job = make_job(work, tmp_path)
    job.run()
    assert job.state == "cancelled" and job.error is None


def test_a_job_that_is_cancelled_as_it_begins_does_nothing(tmp_path):
    worked = []
    job = make_job(worked.append, tmp_path)
    job.begin = job.cancel
    job.run()
    assert job.state == "cancelled" and not worked


def test_a_job_that_nobody_asks_for_is_abandoned(tmp_path, monkeypatch):
    job = make_job(None, tmp_path)
    assert not job.is_abandoned
    now = time.monotonic() + jobs.PATIENCE + 1
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert job.is_abandoned
    job.streams = 1
    assert not job.is_abandoned
    job.streams = 0
    job.touch()
    assert not job.is_abandoned


def test_the_time_left_is_foreseen_and_then_told_by_what_is_done(
    tmp_path, monkeypatch
):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    told = []

    def work(job):
        for seconds, share in [(0, 0), (10, 0), (10, 0.1), (80, 0.5)]:
            now[0] += seconds
            job.progress(share)
            told.append(job.describe(None)["seconds_left"])
        return Result(facts={})

    job = make_job(work, tmp_path)
    job.effort = Effort(painted={"wide": 50}, rest="a picture", units=10)
    assert job.describe(1)["seconds_left"] is None
    # A second a pixel of the network, a second of the rest.
    job.paces.note("wide", units=2, seconds=2)
    job.paces.note("a picture", units=3, seconds=3)
    assert job.describe(1, wait=5)["seconds_left"] == 65
    assert job.describe(1, wait=None)["seconds_left"] is None
    job.run()
    # 60 in all; then by a tenth in 20 s it would be 200, of which it is not
    # sure yet; then half is done in 100 s.
    assert told == [60, 50, pytest.approx(96), 100]
    # What was left after painting is what the rest took.
    rest = job.paces.of("a picture")
    assert 1 < rest < 5
    assert job.describe(None)["seconds_left"] is None


def test_a_file_is_awaited_until_it_is_taken(tmp_path, monkeypatch):
    path = tmp_path / "a.png"

    def work(job):
        return Result(facts={}, path=path)

    job = make_job(work, tmp_path)
    assert not job.is_awaited
    job.run()
    assert job.is_awaited
    now = time.monotonic() + jobs.TAKING + 1
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: now)
        assert not job.is_awaited
    job.take()
    assert not job.is_awaited
    without = make_job(lambda job: Result(facts={}), tmp_path)
    without.run()
    assert not without.is_awaited
