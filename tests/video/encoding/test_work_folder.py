import os
import shutil

import pytest

from multistyle.errors import InputError
from multistyle.files.temporaries import temporary_name
from multistyle.video.encoding.work_folder import clear, work_folder


def test_an_empty_one_goes_and_a_full_one_stays(tmp_path):
    output = tmp_path / "new" / "out.mp4"
    with work_folder(output) as folder:
        assert folder == tmp_path / "new" / ".out.mp4.segments"
    assert not folder.exists()
    with work_folder(output) as folder:
        (folder / "00000.nut").write_bytes(b"film")
    with work_folder(output) as folder:
        assert (folder / "00000.nut").read_bytes() == b"film"
        clear(folder)
    assert not folder.exists()


def test_one_process_at_a_time(tmp_path):
    output = tmp_path / "out.mp4"
    with (
        work_folder(output) as folder,
        pytest.raises(InputError, match="Another process .* writes `.*out"),
        work_folder(output),
    ):
        pass
    assert not folder.exists()
    with work_folder(output):
        pass


def test_what_a_kill_left_half_written_goes(tmp_path):
    output = tmp_path / "out.mp4"
    with work_folder(output) as folder:
        (folder / temporary_name("out.mp4")).write_bytes(b"half")
        (folder / "00000.nut").write_bytes(b"film")
    with work_folder(output) as folder:
        left = {path.name for path in folder.iterdir()}
    assert left == {".lock", "00000.nut"}


def test_a_film_that_is_there_or_comes_meanwhile(tmp_path):
    output = tmp_path / "out.mp4"
    output.write_bytes(b"film")
    with pytest.raises(InputError, match="exists already"):
        work_folder(output).__enter__()
    assert os.listdir(tmp_path) == ["out.mp4"]
    with work_folder(output, overwrite=True):
        pass
    assert output.read_bytes() == b"film"


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "out.mp4").mkdir()
    for output, message in (
        (tmp_path / "file" / "out.mp4", "`.*out.mp4` cannot be written: "),
        (tmp_path / "out.mp4", "`.*out.mp4` is a folder: give the name of a"),
        (tmp_path / ("a" * 300 + ".mp4"), "cannot be written: File name too"),
    ):
        with pytest.raises(InputError, match=message):
            work_folder(output, overwrite=True).__enter__()
    assert sorted(os.listdir(tmp_path)) == ["file", "out.mp4"]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "out.mp4"
    try:
        link.symlink_to(tmp_path / "elsewhere" / "film.mp4")
    except OSError:
        pytest.skip("this system lets users make no links")
    with work_folder(link) as folder:
        assert folder == tmp_path / "elsewhere" / ".film.mp4.segments"


def test_a_folder_that_is_removed_is_clear(tmp_path):
    with work_folder(tmp_path / "out.mp4") as folder:
        shutil.rmtree(folder)
        clear(folder)
    assert list(tmp_path.iterdir()) == []
