import tarfile

import pytest

from multistyle.errors import InputError, OutputError
from multistyle.files.tar_files import is_tar_pattern, write_tar


def test_the_same_members_give_the_same_bytes(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"from a file")
    members = [("sub/a.txt", tmp_path / "a.txt"), ("sub/b.json", b"{}")]
    for name in ("one.tar", "other.tar"):
        write_tar(tmp_path / name, members)
    one, other = (tmp_path / name for name in ("one.tar", "other.tar"))
    assert one.read_bytes() == other.read_bytes()
    with tarfile.open(one) as tar:
        assert tar.getnames() == ["sub/a.txt", "sub/b.json"]
        assert tar.extractfile("sub/a.txt").read() == b"from a file"
        assert tar.extractfile("sub/b.json").read() == b"{}"


def test_it_is_whole_or_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_tar(tmp_path / "a.tar", [("a", b"a"), ("b", tmp_path / "none")])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        write_tar(tmp_path / "file" / "a.tar", [])


@pytest.mark.parametrize(
    ("output", "is_one"),
    [
        ("out/%06d.tar", True),
        ("painted-%d.TAR", True),
        ("out/%3d.tar", True),
        ("out", False),
        ("out.png", False),
        ("%06d.png", False),
    ],
)
def test_what_stands_for_tar_files(output, is_one):
    assert is_tar_pattern(output) == is_one


@pytest.mark.parametrize("output", ["a.tar", "%s.tar", "%d%d.tar", "%.tar"])
def test_a_tar_file_without_a_number(output):
    with pytest.raises(InputError, match=r"where the number .*-%06d.tar`"):
        is_tar_pattern(output)
