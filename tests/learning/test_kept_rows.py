import os
import threading
import time

import numpy as np
import pytest

from multistyle.learning import kept_rows
from multistyle.learning.kept_rows import find_row, keep_row, turn_to_learn
from multistyle.network.growth import style_rows

MADE_OF = {"painting": "5e1f", "learning": "quick"}


@pytest.fixture
def row(small_network):
    return style_rows(small_network, ["great_wave"])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path)
    return tmp_path / "rows"


def assert_equal(found, row):
    assert list(found) == list(row)
    for name, pair in row.items():
        for mine, theirs in zip(found[name], pair, strict=True):
            assert mine.dtype == np.float32
            np.testing.assert_array_equal(mine, theirs)


def test_a_row_is_kept_under_all_that_it_is_made_of(folder, row):
    assert find_row(MADE_OF) is None
    keep_row(MADE_OF, row)
    assert_equal(find_row(dict(reversed(MADE_OF.items()))), row)
    assert find_row({**MADE_OF, "painting": "5e20"}) is None
    assert find_row({**MADE_OF, "learning": "thorough"}) is None
    assert find_row({**MADE_OF, "loss_network": "vgg16"}) is None


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "byte"])
def test_a_damaged_file_is_none(folder, row, damage):
    keep_row(MADE_OF, row)
    (path,) = folder.iterdir()
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(
        {
            "cut": data[:middle],
            "empty": b"",
            "text": b"no arrays",
            "byte": data[:middle] + b"\xff\x00\xff" + data[middle + 3 :],
        }[damage]
    )
    assert find_row(MADE_OF) is None
    keep_row(MADE_OF, row)
    assert_equal(find_row(MADE_OF), row)


def test_what_was_not_used_for_long_goes_first(folder, row, monkeypatch):
    monkeypatch.setattr(kept_rows, "MAX_ROWS", 2)
    first, second, third = ({"painting": str(i)} for i in range(3))
    for seconds, made_of in enumerate((first, second)):
        keep_row(made_of, row)
        os.utime(kept_rows._path(made_of), (seconds, seconds))
    assert find_row(first) is not None  # Now the other one is older.
    keep_row(third, row)
    assert find_row(first) is not None
    assert find_row(second) is None
    assert len(list(folder.iterdir())) == 2


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path, row, monkeypatch
):
    file = tmp_path / "file"
    file.write_text("in the way")
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: file)
    keep_row(MADE_OF, row)
    assert find_row(MADE_OF) is None


@pytest.mark.skipif(os.name == "nt", reason="nobody waits there")
def test_who_needs_the_same_waits_for_it(folder, row):
    said = []
    holds = threading.Event()

    def learn():
        with turn_to_learn(MADE_OF):
            holds.set()
            time.sleep(0.3)
            keep_row(MADE_OF, row)
            said.append("learned")

    learner = threading.Thread(target=learn)
    learner.start()
    holds.wait(60)
    with turn_to_learn({**MADE_OF, "learning": "thorough"}):
        said.append("something else")
    with turn_to_learn(MADE_OF):
        assert_equal(find_row(MADE_OF), row)
        said.append("found")
    learner.join()
    assert said == ["something else", "learned", "found"]
    assert list(folder.glob("*.lock")) == []


def test_a_lock_that_cannot_be_removed_stays(folder):
    with turn_to_learn(MADE_OF):
        (lock,) = folder.glob("*.lock")
        lock.rename(folder / "moved")
        lock.mkdir()
    assert lock.is_dir()


def test_where_there_can_be_no_lock_nobody_waits(folder):
    folder.write_bytes(b"no folder")
    with turn_to_learn(MADE_OF), turn_to_learn(MADE_OF):
        pass
