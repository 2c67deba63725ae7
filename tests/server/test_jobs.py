import time

import pytest

from multistyle.errors import InputError
from multistyle.server import jobs
from multistyle.server.jobs import Job, Result


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
