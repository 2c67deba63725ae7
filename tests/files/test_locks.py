import os
import platform
import subprocess
import sys

import pytest

from multistyle.errors import InputError
from multistyle.files.locks import locked, try_lock


def test_one_at_a_time_and_the_other_is_named(tmp_path):
    path = tmp_path / "lock"
    with locked(path, "is at it."):
        with pytest.raises(InputError) as refused:
            with locked(path, "is at it."):
                pass
    holder = f"{os.getpid()} on `{platform.node()}`"
    assert str(refused.value) == f"Another process ({holder}) is at it."
    with locked(path, "is at it."):
        pass


def test_what_a_killed_process_left_is_no_lock(tmp_path):
    path = tmp_path / "lock"
    code = (
        "import os, sys\n"
        "from multistyle.files.locks import locked\n"
        "with locked(sys.argv[1], 'is at it.'):\n"
        "    print(flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        other.stdout.readline()
        with pytest.raises(InputError, match=f"process \\({other.pid} on "):
            with locked(path, "is at it."):
                pass
        other.kill()
    assert path.read_text().startswith(f"{other.pid} ")
    with locked(path, "is at it."):
        assert path.read_text().startswith(f"{os.getpid()} ")


@pytest.mark.parametrize("text", ["", "7\n", "7 a`b\n", "x" * 400, "\x00\xff"])
def test_a_file_that_names_nobody_is_a_lock_all_the_same(tmp_path, text):
    path = tmp_path / "lock"
    with locked(path, "is at it."):
        path.write_text(text)
        with pytest.raises(InputError, match="^Another process is at it"):
            with locked(path, "is at it."):
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
