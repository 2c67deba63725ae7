import pytest

from multistyle.errors import InputError
from multistyle.training.distribution.job import VARIABLES, Job, read_job


@pytest.fixture
def set_job(monkeypatch):
    """A function that sets the three variables; None leaves one out."""

    def set_variables(*values):
        for name, value in zip(VARIABLES, values, strict=True):
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)

    return set_variables


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((None, None, None), None),
        (("10.0.0.1:9876", "1", "0"), None),
        (("10.0.0.1:9876", "3", "2"), Job("10.0.0.1:9876", 3, 2)),
        (("a:1, b:2", "2", "1"), Job("a:1", 2, 1)),
        (("[::1]:80", "2", "0"), Job("[::1]:80", 2, 0)),
    ],
)
def test_a_job_is_read(set_job, values, expected):
    set_job(*values)
    assert read_job() == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("a:1", "2", None), "`KERAS_DISTRIBUTION_PROCESS_ID` is not set"),
        ((None, "2", "0"), "`KERAS_DISTRIBUTION_JOB_ADDRESSES` is not set"),
        (("a", "2", "0"), "`a` in .* must be HOST:PORT"),
        (("a:b", "2", "0"), "`a:b` in .* must be HOST:PORT"),
        (("a:1", "two", "0"), "`KERAS_DISTRIBUTION_NUM_PROCESSES` must be"),
        (("a:1", "0", "0"), "at least 1; got `0`"),
        (("a:1", "2", "2"), "numbered from 0 to 1"),
        (("a:1,b:1", "3", "0"), "2 addresses for 3 processes"),
    ],
)
def test_what_is_wrong_is_named(set_job, values, message):
    set_job(*values)
    with pytest.raises(InputError, match=message):
        read_job()
