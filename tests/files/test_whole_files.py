"""Files are whole or absent, whatever happens while they are written."""

import os
import subprocess
import sys

import pytest

from multistyle.errors import InputError
from multistyle.files.json_files import write_json
from multistyle.files.outputs import check_output_path
from multistyle.files.whole_files import try_file, whole_file


def test_whole_file_appears_only_when_complete(tmp_path):
    target = tmp_path / "new" / "folder" / "numbers.bin"
    with whole_file(target) as file:
        file.write(b"123")
        assert not target.exists()
    assert target.read_bytes() == b"123"
    assert os.listdir(target.parent) == ["numbers.bin"]


def test_whole_file_hides_the_unfinished_file_and_keeps_its_suffix(tmp_path):
    with whole_file(tmp_path / "model.keras") as file:
        name = os.path.basename(file.name)
        assert os.path.dirname(file.name) == os.path.realpath(tmp_path)
    assert name.startswith(".") and name.endswith(".keras")


def test_whole_file_writes_text_as_utf8_with_plain_line_ends(tmp_path):
    target = tmp_path / "text.txt"
    with whole_file(target, "w") as file:
        file.write("Léger\n北斎\n")
    assert target.read_bytes() == "Léger\n北斎\n".encode()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_exception_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "picture.png"
    target.write_bytes(b"old")
    with pytest.raises(error), whole_file(target) as file:
        file.write(b"half of the new")
        raise error
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["picture.png"]


def test_exception_leaves_no_file_where_none_was(tmp_path):
    with pytest.raises(EOFError), whole_file(tmp_path / "a") as file:
        file.write(b"half")
        raise EOFError
    assert os.listdir(tmp_path) == []


def test_crash_leaves_the_old_file_whole(tmp_path):
    target = tmp_path / "picture.png"
    target.write_bytes(b"old")
    program = (
        "import os, sys\n"
        "from multistyle.files.whole_files import whole_file\n"
        "with whole_file(sys.argv[1]) as file:\n"
        "    file.write(b'half of the new')\n"
        "    file.flush()\n"
        "    os._exit(9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    crashed = subprocess.run(
        [sys.executable, "-c", program, str(target)], env=environment
    )
    assert crashed.returncode == 9
    assert target.read_bytes() == b"old"
    # What the crash left behind is in nobody's way.
    assert all(
        name.startswith(".") or name == target.name
        for name in os.listdir(tmp_path)
    )
    with whole_file(target) as file:
        file.write(b"new")
    assert target.read_bytes() == b"new"


def test_whole_file_follows_a_symbolic_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_whole_file_takes_the_longest_name_a_file_system_allows(tmp_path):
    target = tmp_path / ("é" * 124 + ".json")
    write_json(target, 1)
    assert target.read_text() == "1\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_whole_file_has_the_mode_of_an_ordinary_file(tmp_path):
    with whole_file(tmp_path / "whole") as file:
        file.write(b"")
    (tmp_path / "ordinary").write_bytes(b"")
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_folder_in_the_way_is_named(tmp_path):
    with pytest.raises(InputError, match=r"`.*` is a folder"):
        write_json(tmp_path, 1)


def test_a_file_in_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match=r"`.*a\.json` cannot be written"):
        write_json(tmp_path / "file" / "a.json", 1)


def test_a_full_disk_is_one_line_and_keeps_the_old_file(tmp_path):
    resource = pytest.importorskip("resource")
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond 100 bytes, as on a disk with no more room.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(InputError, match=r"`.*a\.bin` cannot .* Make room"):
            with whole_file(target) as file:
                file.write(bytes(1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_try_file_leaves_nothing(tmp_path):
    try_file(tmp_path / "new" / "folder" / "a.png")
    assert os.listdir(tmp_path) == []
    (tmp_path / "a.png").write_bytes(b"mine")
    try_file(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["a.png"]
    with pytest.raises(InputError, match=r"`.*b\.png` cannot be written"):
        try_file(tmp_path / "a.png" / "new" / "b.png")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o600, 0o444, 0o660])
def test_what_is_replaced_hands_its_mode_on(tmp_path, mode):
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    target.chmod(mode)
    owner = (os.getuid(), os.getgid())
    if owner[0] == 0:
        owner = (1234, 1234)
        os.chown(target, *owner)
    with whole_file(target) as file:
        # Nobody else sees it while it grows, and Keras opens it by its name.
        assert os.stat(file.name).st_mode & 0o777 == mode | 0o200
        with open(file.name, "wb") as again:
            again.write(b"new")
    status = target.stat()
    assert status.st_mode & 0o777 == mode
    assert (status.st_uid, status.st_gid) == owner
    assert target.read_bytes() == b"new"


def test_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with whole_file("~/painted/a.png") as file:
        file.write(b"1")
    try_file("~/painted/b.png")
    assert (tmp_path / "painted" / "a.png").read_bytes() == b"1"
    assert os.listdir(tmp_path) == ["painted"]
    with pytest.raises(InputError, match="`~/painted/a.png` exists already"):
        check_output_path("~/painted/a.png")
    with pytest.raises(InputError, match="`~/painted` is a folder"):
        try_file("~/painted")


def test_what_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match=r"`.*a` .*: .*\. Give another place"):
        try_file(tmp_path / "file" / "a")
