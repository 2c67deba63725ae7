import dataclasses
import inspect
import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.training import network_training
from multistyle.training.network_training import run_training, train_network
from multistyle.training.options import TrainingOptions

pytestmark = pytest.mark.usefixtures("eager_module")

PAINTINGS = ("paintings/red.png", "paintings/blue.png")


def options(**given):
    return TrainingOptions(
        **{
            "style_images": PAINTINGS,
            "content_images": "photographs",
            "run_dir": "run",
            "steps": 3,
            "batch_size": 2,
            "image_size": 32,
            "style_size": 48,
            "width_multiplier": 0.1,
            "init_from": "none",
            "loss_network": "pocket",
            "precision": "float32",
            "checkpoint_every": 1,
            **given,
        }
    )


def stop_at(step):
    """Kills a training while that step is done, before it is saved."""

    def stop(progress):
        if progress.step == step:
            raise KeyboardInterrupt

    return stop


def read_record(folder="run"):
    return json.loads(Path(folder, "options.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def stopped(eager_module, pictures, tmp_path_factory):
    """A folder of pictures and of a run that was stopped after one step."""
    folder = tmp_path_factory.mktemp("stopped")
    shutil.copytree(pictures, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with pytest.raises(KeyboardInterrupt):
            run_training(options(), progress=stop_at(2))
    return folder


@pytest.fixture(scope="module")
def finished(stopped, tmp_path_factory):
    """That run, gone on to its end: its folder, what it said, what it warned.

    A photograph came to it, and its record lacked the paintings' digests, as
    that of version 0.1 does.
    """
    folder = tmp_path_factory.mktemp("finished")
    shutil.copytree(stopped, folder, dirs_exist_ok=True)
    lines = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        record = read_record()
        del record["data"]["paintings"], record["data"]["add_to"]
        Path("run/options.json").write_text(json.dumps(record))
        Image.new("RGB", (60, 40)).save("photographs/new.png")
        again = options(style_images=list(PAINTINGS))
        with pytest.warns(InputWarning) as warned:
            run_training(again, note=lines.append)
    messages = [w.message for w in warned if w.category is InputWarning]
    return folder, lines, [str(message) for message in messages]


@pytest.fixture(params=["stopped", "finished"])
def run_of_either_kind(request, tmp_path, monkeypatch):
    """The current folder holds a copy of a run, which it may change."""
    source = request.getfixturevalue(request.param)
    source = source if request.param == "stopped" else source[0]
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def test_a_tuple_of_paintings_goes_on_as_a_list(finished):
    _, lines, _ = finished
    assert lines[:2] == [
        "Starting from nothing; judged by pocket.",
        "Going on from step 1 in `run`.",
    ]
    # One line of progress, since it takes less than ten seconds.
    assert lines[-1].startswith("step 3/3  ")
    assert " images/s  0 s left  total " in lines[-1]


def test_other_photographs_are_told_and_go_on(finished):
    _, _, warned = finished
    assert warned == [
        "The photographs are not those that the training in `run` began with; "
        "it goes on with those that are there."
    ]


def test_what_an_older_version_did_not_record_is_added(finished, stopped):
    folder, _, _ = finished
    record = read_record(folder / "run")
    before = read_record(stopped / "run")
    assert list(record["data"]["paintings"]) == ["red", "blue"]
    assert record == before


def test_a_painting_that_is_added_is_refused(run_of_either_kind):
    Image.linear_gradient("L").save("paintings/green.png")
    before = read_record()
    more = options(style_images="paintings")
    # As the folder was given from the first: only what it holds has changed.
    before["options"]["style_images"] = "paintings"
    names = ["blue", "red"]
    paintings = before["data"]["paintings"]
    before["data"]["paintings"] = {name: paintings[name] for name in names}
    Path("run/options.json").write_text(json.dumps(before))
    with pytest.raises(InputError) as error:
        run_training(more)
    assert str(error.value) == (
        "`run` holds a training with other paintings: `green` is new. Give "
        "these again to go on, another --run_dir, or --overwrite to start "
        "anew."
    )
    Path("paintings/red.png").unlink()
    with pytest.raises(InputError, match="`red` is gone; `green` is new"):
        run_training(more)


def test_another_picture_under_the_same_name_is_refused(run_of_either_kind):
    Image.linear_gradient("L").save("paintings/blue.png")
    with pytest.raises(InputError, match="`blue` is another picture. Give"):
        run_training(options())


def test_a_finished_run_needs_no_photographs(finished, tmp_path, monkeypatch):
    shutil.copytree(finished[0], tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    shutil.rmtree("photographs")
    lines = []
    run = run_training(options(), note=lines.append)
    assert lines == [
        "The training in `run` is finished, 3 steps; --overwrite starts it "
        "anew."
    ]
    assert run.model_path == Path("run/model.keras")
    assert [path.name for path in run.sample_sheets()] == ["step_00000003.jpg"]


@pytest.fixture
def copy_of_stopped(stopped, tmp_path, monkeypatch):
    """The current folder holds a copy of the stopped run."""
    shutil.copytree(stopped, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def test_photographs_that_vanish_are_one_line(copy_of_stopped, capsys):
    def vanish(progress):
        shutil.rmtree("photographs", ignore_errors=True)

    # In a folder of its own: 30 steps need more photographs than are read
    # ahead.
    more = options(run_dir="more", steps=30)
    with pytest.raises(InputError) as error:
        run_training(more, progress=vanish)
    assert str(error.value) == (
        "None of the content images can be read any more: put them back, and "
        "the same command goes on from the last checkpoint."
    )
    assert error.value.__suppress_context__ and error.value.__cause__ is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="No /dev/full.")
def test_a_full_disk_is_one_line(copy_of_stopped):
    os.unlink("run/metrics.jsonl")
    os.symlink("/dev/full", "run/metrics.jsonl")
    with pytest.raises(InputError) as error:
        run_training(options())
    assert str(error.value) == (
        "`run` cannot be written: No space left on device. Make room or give "
        "it back; the same command goes on from the last checkpoint."
    )
    assert Path("run/checkpoints/step_00000001.npz").is_file()


def test_a_run_folder_that_is_a_file_is_refused_before_all_else(tmp_path):
    (tmp_path / "run").write_bytes(b"mine")
    for run_dir in (tmp_path / "run", tmp_path / "run" / "below"):
        missing = options(run_dir=run_dir, style_images="/no/such/folder")
        with pytest.raises(InputError, match="`.*run.*` is a file, where the"):
            run_training(missing)
    assert (tmp_path / "run").read_bytes() == b"mine"


def test_a_refused_training_leaves_no_folder(pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(pictures)
    run_dir = tmp_path / "runs" / "mine"
    wrong = options(run_dir=run_dir, style_shares={"green": 2.0})
    with pytest.raises(InputError, match="`style_shares` names `green`"):
        run_training(wrong)
    assert list(tmp_path.iterdir()) == []


def test_the_function_has_the_options_and_their_defaults():
    parameters = inspect.signature(train_network).parameters
    for field in dataclasses.fields(TrainingOptions):
        parameter = parameters[field.name]
        assert parameter.annotation == field.type
        expected = field.default
        if expected is dataclasses.MISSING:
            expected = inspect.Parameter.empty
        assert parameter.default is expected or parameter.default == expected
    own = ["overwrite", "note", "progress"]
    names = [field.name for field in dataclasses.fields(TrainingOptions)]
    assert list(parameters) == [*names, *own]
    assert all(
        parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        for name in [*names[3:], *own]
    )


def test_each_keyword_is_an_option(monkeypatch, tmp_path):
    weights = tmp_path / "vgg16.h5"
    weights.touch()
    given = {
        "style_images": "s",
        "content_images": "c",
        "run_dir": "r",
        "steps": 1,
        "batch_size": 2,
        "image_size": 33,
        "style_size": 34,
        "width_multiplier": 0.5,
        "skip_connections": False,
        "init_from": "m",
        "train": "rows",
        "add_to": None,
        "thaw": None,
        "loss_network": "pocket",
        "vgg_weights": str(weights),
        "vgg16_share": 0.125,
        "loss_scaling": "paper",
        "content_loss_weight": 1.5,
        "style_loss_weight": 2.5,
        "total_variation_loss_weight": 3.5,
        "stability_loss_weight": 4.5,
        "lattice_loss_weight": 5.5,
        "weave_loss_weight": 6.5,
        "style_coefficients": {"a": 1.25},
        "stability_coefficients": {"a": 2.25},
        "style_shares": {"a": 3.25},
        "learning_rate": 0.25,
        "precision": "bfloat16",
        "seed": 3,
        "checkpoint_every": 4,
        "preview_every": 5,
        "distribute": "data_parallel",
    }
    received = []
    monkeypatch.setattr(
        network_training,
        "run_training",
        lambda options, **more: received.append((options, more)),
    )
    train_network(**given, overwrite=True, note=print, progress=repr)
    ((made, more),) = received
    assert vars(made) == given
    assert more == {"overwrite": True, "note": print, "progress": repr}


def test_a_misspelt_keyword_is_an_error():
    with pytest.raises(TypeError, match="stepps"):
        train_network("s", "c", "r", stepps=3)
