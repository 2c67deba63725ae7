import json

import pytest

from multistyle.errors import InputError
from multistyle.files.temporaries import temporary_name
from multistyle.training.runs.folder import RunFolder


def test_other_options_are_refused_with_the_difference(tmp_path):
    run = RunFolder(tmp_path)
    run.write_options({"options": {"steps": 10, "seed": 0}})
    run.check({"steps": 10, "seed": 0})
    with pytest.raises(InputError) as error:
        run.check({"steps": 20, "seed": 0})
    assert "steps was 10, now 20" in str(error.value)
    assert "seed" not in str(error.value)
    assert "--overwrite" in str(error.value)


def test_a_run_goes_on_where_an_option_is_younger_than_it(tmp_path):
    run = RunFolder(tmp_path)
    run.write_options({"options": {"steps": 10}})
    run.check({"steps": 10, "style_shares": {}})
    with pytest.raises(InputError, match="style_shares was null, now"):
        run.check({"steps": 10, "style_shares": {"wave": 2.0}})


def test_a_new_folder_passes(tmp_path):
    RunFolder(tmp_path / "new").check({"steps": 1})
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_with_other_files_is_refused(tmp_path, overwrite):
    (tmp_path / "samples").mkdir()
    with pytest.raises(InputError, match="is no run folder"):
        RunFolder(tmp_path).check({"steps": 1}, overwrite)


def test_overwriting_needs_no_equal_options(tmp_path):
    run = RunFolder(tmp_path)
    run.write_options({"options": {"steps": 10}})
    run.check({"steps": 20}, overwrite=True)


def test_clearing_leaves_what_is_not_the_runs(tmp_path):
    run = RunFolder(tmp_path)
    run.write_options({"options": {}})
    run.sample_folder.mkdir()
    (run.sample_folder / "step.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("mine")
    run.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_options_are_written_once(tmp_path):
    run = RunFolder(tmp_path)
    run.write_options({"options": {"steps": 1}})
    run.write_options({"options": {"steps": 2}})
    text = (tmp_path / "options.json").read_text()
    assert json.loads(text) == {"options": {"steps": 1}}


def test_two_processes_do_not_train_in_one_folder(tmp_path):
    # Locks of `flock` are held by open files, so one process shows it.
    run = RunFolder(tmp_path)
    with run.locked():
        with pytest.raises(InputError, match="Another process"):
            with RunFolder(tmp_path).locked():
                pass
    with run.locked():
        pass


def test_what_a_kill_left_is_removed(tmp_path):
    name = temporary_name("step_00000001.npz")
    left = tmp_path / "checkpoints" / name
    left.parent.mkdir()
    left.write_bytes(b"half")
    notes = tmp_path / ".20240131.notes.txt"
    notes.write_bytes(b"")
    (tmp_path / ".deadbeef.dir").mkdir()
    with RunFolder(tmp_path).locked():
        assert not left.exists()
        assert notes.exists()
        assert (tmp_path / ".deadbeef.dir").is_dir()
