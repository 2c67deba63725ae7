import os
from pathlib import Path

import pytest

from multistyle.errors import InputError, OutputError
from multistyle.files.outputs import check_output_path


def test_a_file_that_stands_there_is_refused_unless_told(tmp_path):
    path = tmp_path / "file"
    check_output_path(path)
    path.touch()
    with pytest.raises(InputError) as caught:
        check_output_path(path)
    assert str(caught.value) == (
        f"`{path}` exists already: give another name, or --overwrite "
        "(`overwrite=True` in Python)."
    )
    check_output_path(path, overwrite=True)


def test_trying_leaves_nothing_behind(tmp_path):
    check_output_path(tmp_path / "a" / "b" / "file.png")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="is a folder: give the name of a"):
        check_output_path(tmp_path, overwrite=True)


def test_a_file_in_place_of_a_folder(tmp_path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "picture.png"
    with pytest.raises(OutputError, match=r"picture.png` cannot be written: "):
        check_output_path(path)


@pytest.mark.parametrize("folder", ["", "new"])
def test_a_name_that_is_too_long_is_found_before_the_work(tmp_path, folder):
    """In a folder that is missing, too, where the system does not say yet."""
    path = tmp_path / folder / f"{'a' * 300}.safetensors"
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="too long. Give a shorter name."):
            check_output_path(path, overwrite=overwrite)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not os.path.isdir("/proc/self"), reason="no folder that nobody may fill"
)
def test_a_folder_that_takes_no_file():
    with pytest.raises(OutputError, match="`/proc/x.png` cannot be written"):
        check_output_path("/proc/x.png")


def test_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "picture.png").touch()
    with pytest.raises(InputError, match="`~/picture.png` exists already"):
        check_output_path(Path("~", "picture.png"))
