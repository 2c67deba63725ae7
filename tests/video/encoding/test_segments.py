import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.encoding.segments import Segments


def fill(segments, count):
    for _ in range(count):
        number = len(segments)
        segments.path(number).write_bytes(b"film")
        segments.finish({"number": np.array(number), "a/b": np.ones((2, 3))})


def test_what_is_finished_is_found_again(tmp_path):
    segments = Segments(tmp_path, {"crf": 20})
    assert len(segments) == 0 and segments.state() is None
    fill(segments, 3)
    again = Segments(tmp_path, {"crf": 20})
    assert again.paths() == [again.path(number) for number in range(3)]
    assert all(path.is_file() for path in again.paths())
    state = again.state()
    assert state["number"] == 2
    np.testing.assert_array_equal(state["a/b"], np.ones((2, 3)))
    # One state is enough.
    assert len(list(tmp_path.glob("*.npz"))) == 1


def test_a_file_that_is_not_entered_does_not_count(tmp_path):
    segments = Segments(tmp_path, {})
    fill(segments, 1)
    segments.path(1).write_bytes(b"half")
    assert len(Segments(tmp_path, {})) == 1


def test_what_is_left_of_a_run_that_finished_nothing_goes(tmp_path):
    Segments(tmp_path, {}).path(0).write_bytes(b"half")
    assert len(Segments(tmp_path, {})) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.jsonl"]


def test_other_options_are_refused(tmp_path):
    fill(Segments(tmp_path, {"crf": 20, "strength": 1}), 1)
    with pytest.raises(InputError, match="`crf` was 20, now 30. Give these"):
        Segments(tmp_path, {"crf": 30, "strength": 1})


def test_overwrite_starts_anew(tmp_path):
    fill(Segments(tmp_path, {"crf": 20}), 2)
    segments = Segments(tmp_path, {"crf": 30}, overwrite=True)
    assert len(segments) == 0
    assert not segments.path(0).exists()
    assert len(Segments(tmp_path, {"crf": 30})) == 0
