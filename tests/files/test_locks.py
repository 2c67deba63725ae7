import os

import pytest

from multistyle.errors import InputError
from multistyle.files.locks import locked, try_lock


def test_one_at_a_time(tmp_path):
    path = tmp_path / "lock"
    with locked(path, "Somebody is at it."):
        with pytest.raises(InputError, match="^Somebody is at it\\.$"):
            with locked(path, "Somebody is at it."):
                pass
    with locked(path, "Somebody is at it."):
        pass


def test_a_lock_ends_with_its_file(tmp_path):
    path = tmp_path / "file"
    with open(path, "w") as first, open(path) as second:
        assert try_lock(first)
        assert not try_lock(second)
    with open(path) as third:
        assert try_lock(third)


@pytest.mark.skipif(os.name == "nt", reason="folders have no locks there")
def test_a_folder_may_be_locked(tmp_path):
    numbers = [os.open(tmp_path, os.O_RDONLY) for _ in range(2)]
    assert [try_lock(number) for number in numbers] == [True, False]
    for number in numbers:
        os.close(number)
