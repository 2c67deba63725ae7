"""What killed processes leave goes; what is in use or the user's own stays."""

import os
import subprocess
import sys

import pytest

from multistyle.files.temporaries import (
    name_of_former,
    open_temporary,
    remove_leftovers,
    temporary_folder,
    temporary_name,
)
from multistyle.files.whole_files import whole_file

PROGRAM = """
import os, sys
from pathlib import Path
from multistyle.files.temporaries import open_temporary, temporary_folder

folder = Path(sys.argv[1])
file = open_temporary(folder, "a.png", "xb")
file.write(b"half")
file.flush()
with temporary_folder(folder, "b") as growing:
    (growing / "c").touch()
    os._exit(9)
"""
# What looks like it, but is the user's.
NAMES = (
    *(".20240131.notes.txt", ".0123abcd.a.png", ".hidden", "a.png"),
    *(".multistyle-notes.tmp.txt", ".multistyle-0123abcd.tmp"),
    *(".multistyle-0123abcd.old.a.png", ".multistyle-0123ABCD.tmp.a"),
)


def hidden(folder):
    return sorted(name for name in os.listdir(folder) if name[0] == ".")


@pytest.fixture
def killed(tmp_path):
    """A folder in which a process was killed while it wrote."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], env=environment
    )
    assert done.returncode == 9
    assert len(hidden(tmp_path)) == 2
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="folders have no locks there")
def test_what_was_left_goes_and_the_user_s_own_stays(killed):
    for name in NAMES:
        (killed / name).write_bytes(b"mine")
    (killed / ".deadbeef.dir").mkdir()
    (killed / "sub").mkdir()
    (killed / "sub" / temporary_name("x.npz")).touch()
    remove_leftovers(killed)
    left = {str(path.relative_to(killed)) for path in killed.rglob("*")}
    assert left == {*NAMES, ".deadbeef.dir", "sub"}
    remove_leftovers(killed / "nowhere")


@pytest.mark.skipif(os.name == "nt", reason="folders have no locks there")
def test_whoever_writes_there_next_removes_what_was_left(killed):
    with whole_file(killed / "c.png") as file:
        file.write(b"whole")
    assert os.listdir(killed) == ["c.png"]


def test_what_is_in_use_stays(tmp_path):
    with (
        open_temporary(tmp_path, "a.png", "xb") as file,
        temporary_folder(tmp_path, "b") as folder,
    ):
        file.write(b"half")
        (folder / "c").touch()
        remove_leftovers(tmp_path)
        assert os.path.exists(file.name) and (folder / "c").exists()
        assert os.path.dirname(file.name) == str(tmp_path)
    assert not folder.exists()


def test_names_keep_their_ends(tmp_path):
    assert temporary_name("model.keras").endswith(".tmp.model.keras")
    assert temporary_name(".hidden").endswith(".tmp.hidden")
    assert temporary_name("a") != temporary_name("a")
    for name in (temporary_name("é" * 200), name_of_former("é" * 200)):
        assert name[0] == "." and len(name.encode()) < 255
