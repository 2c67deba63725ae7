import json
import os
import subprocess
import sys

import pytest

from multistyle.errors import InputError
from multistyle.training.runs.folder import RunFolder

FACTS = {"options": {"steps": 1}, "data": {}}


def test_a_new_folder_passes(tmp_path):
    run = RunFolder(tmp_path / "new")
    run.check()
    assert run.read_record() is None
    assert not (tmp_path / "new").exists()


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "samples").mkdir()
    with pytest.raises(InputError, match="is no run folder"):
        RunFolder(tmp_path).check()


def test_a_file_is_refused_by_its_name(tmp_path):
    file = tmp_path / "mine"
    file.write_bytes(b"")
    for path in (file, file / "run"):
        with pytest.raises(InputError) as error:
            RunFolder(path).check()
        assert str(error.value) == (
            f"`{file}` is a file, where the folder of a training should "
            "stand; give another --run_dir."
        )


def test_the_home_folder_may_be_meant(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    run = RunFolder("~/runs/mine")
    assert run.model_path == tmp_path / "runs" / "mine" / "model.keras"


def test_clearing_leaves_what_is_not_the_runs(tmp_path):
    run = RunFolder(tmp_path)
    run.write_record(FACTS)
    run.sample_folder.mkdir()
    (run.sample_folder / "step.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("mine")
    run.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_record_is_written_once(tmp_path):
    run = RunFolder(tmp_path)
    run.write_record(FACTS)
    run.write_record({"options": {"steps": 2}, "data": {}})
    text = (tmp_path / "options.json").read_text()
    assert json.loads(text) == FACTS
    assert run.read_record().facts == FACTS


def test_two_processes_do_not_train_in_one_folder(tmp_path):
    # Locks of `flock` are held by open files, so one process shows it.
    run = RunFolder(tmp_path)
    with run.locked():
        with pytest.raises(InputError, match="Another process .* trains in"):
            with RunFolder(tmp_path).locked():
                pass
    with run.locked():
        pass


def test_what_a_kill_left_is_removed_and_nothing_of_the_users(tmp_path):
    run = RunFolder(tmp_path)
    run.checkpoint_folder.mkdir()
    kill = (
        "import os, sys\n"
        "from multistyle.files.whole_files import whole_file\n"
        "with whole_file(sys.argv[1]) as file:\n"
        "    os._exit(1)\n"
    )
    path = run.checkpoint_folder / "step_00000001.npz"
    subprocess.run([sys.executable, "-c", kill, str(path)])
    (left,) = run.checkpoint_folder.iterdir()
    mine = [
        tmp_path / ".hidden",
        tmp_path / ".20240131.notes.txt",
        run.checkpoint_folder / ".20240131.notes.txt",
    ]
    for file in mine:
        file.write_bytes(b"mine")
    (tmp_path / ".deadbeef.dir").mkdir()
    with run.locked():
        assert not left.exists()
        assert all(file.read_bytes() == b"mine" for file in mine)
        assert (tmp_path / ".deadbeef.dir").is_dir()


def test_a_folder_in_which_nothing_begins_does_not_stay(tmp_path):
    run = RunFolder(tmp_path / "runs" / "mine")
    with pytest.raises(InputError, match="refused"):
        with run.locked():
            raise InputError("refused")
    assert list(tmp_path.iterdir()) == []
    with run.locked():
        run.write_record(FACTS)
    assert run.read_record()
    with run.locked():
        pass
    assert run.read_record()


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="Everything can be written."
)
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written: Permission"):
        with RunFolder(tmp_path / "run").locked():
            pass


def test_a_name_that_is_too_long_is_one_line(tmp_path):
    run = RunFolder(tmp_path / ("x" * 300))
    run.check()
    assert run.read_record() is None
    with pytest.raises(InputError, match="xx` cannot be written: .*long. Give"):
        with run.locked():
            pass
