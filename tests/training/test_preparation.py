import pytest

from multistyle.errors import InputError
from multistyle.training.distribution.workers import Workers
from multistyle.training.preparation import prepared
from multistyle.training.runs.folder import RunFolder


def test_the_folder_is_its_own_within_the_block_and_gone_after(
    small_options, tmp_path
):
    options = small_options()
    with prepared(options, Workers()) as (run, done, ingredients):
        assert run.path == tmp_path / "run"
        assert done == 0
        assert ingredients.paintings.style_names == ["blue", "red"]
        with pytest.raises(InputError, match="Another process .* trains in"):
            with prepared(options, Workers()):
                pass
    assert list(tmp_path.iterdir()) == []


def test_what_is_done_counts_unless_it_starts_anew(small_options):
    options = small_options()
    folder = RunFolder(options.run_dir)
    with prepared(options, Workers()) as (run, _, ingredients):
        run.write_record(ingredients.facts())
    folder.checkpoint_folder.mkdir()
    for done in (3, 8):
        (folder.checkpoint_folder / f"step_{done:08d}.npz").touch()
        with prepared(options, Workers()) as preparation:
            assert preparation.num_steps_done == done
            assert (preparation.ingredients is None) == (done == 8)
    with prepared(options, Workers(), overwrite=True) as preparation:
        assert preparation.num_steps_done == 0
        assert preparation.ingredients is not None
    with pytest.raises(InputError, match="steps was 8, now 9"):
        with prepared(small_options(steps=9), Workers()):
            pass
