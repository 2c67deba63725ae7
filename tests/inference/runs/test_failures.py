import json

import pytest

from multistyle.errors import InputError, OutputError
from multistyle.inference.runs.failures import Failures

RECORD = {"input": "é.jpg", "output": "out/é.jpg", "status": "failed"}


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_name_that_no_file_can_have_is_no_list_yet(tmp_path):
    failures = Failures(tmp_path / ("x" * 300))
    failures.forget()
    with pytest.raises(OutputError, match="File name too long"):
        failures.add({**RECORD, "error": "`é.jpg` is empty."})


def test_what_failed_is_listed_until_it_is_tried_again(tmp_path):
    path = tmp_path / "failed.jsonl"
    failures = Failures(path)
    failures.forget()
    assert not path.exists()
    failures.add({**RECORD, "error": "`é.jpg` is empty.", "model": "m"})
    failures.add({**RECORD, "error": "twice"})
    assert read(path) == [
        {
            "input": "é.jpg",
            "output": "out/é.jpg",
            "error": "`é.jpg` is empty.",
        },
        {"input": "é.jpg", "output": "out/é.jpg", "error": "twice"},
    ]

    failures = Failures(path)
    failures.forget()
    assert read(path) == []
    Failures(path)


@pytest.mark.parametrize(
    "content", [b"mine", b'{"input": 1}\n', b"3\n", b"\xff\xfe", b"[" * 9999]
)
def test_a_file_of_somebody_else_is_left_alone(content, tmp_path):
    path = tmp_path / "failed.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match="failed.jsonl` is where"):
        Failures(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("length", [1, 9, 20])
def test_a_list_that_a_kill_cut_short_is_one(tmp_path, length):
    path = tmp_path / "failed.jsonl"
    Failures(path).add({**RECORD, "error": "`é.jpg` is empty."})
    path.write_bytes(path.read_bytes()[:length])
    Failures(path).forget()
    assert read(path) == []
