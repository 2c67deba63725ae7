import json
from pathlib import Path

import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.network.models import load_network
from multistyle.training.runs.folder import RunFolder

pytestmark = pytest.mark.usefixtures("eager_steps")


@pytest.fixture
def flags(tmp_path):
    """The flags of a training that takes seconds, as a dict."""
    for kind, name in (("paintings", "wave"), ("photographs", "cat")):
        (tmp_path / kind).mkdir()
        Image.linear_gradient("L").resize((48, 40)).save(
            tmp_path / kind / f"{name}.png"
        )
    return {
        "style_images": str(tmp_path / "paintings"),
        "content_images": str(tmp_path / "photographs"),
        "run_dir": str(tmp_path / "run"),
        "steps": 2,
        "batch_size": 1,
        "image_size": 32,
        "style_size": 32,
        "width_multiplier": 0.1,
        "init_from": "none",
        "loss_network": "pocket",
        "precision": "float32",
    }


def train(flags, *more):
    given = [f"--{name}={value}" for name, value in flags.items()]
    return run_verb("train", [*given, *more])


@pytest.mark.usefixtures("eager_steps")
def test_a_training_and_the_same_command_again(flags, capsys):
    assert train(flags) == 0
    output = capsys.readouterr()
    model, sheet = output.out.split()
    assert load_network(model).style_names == ["wave"]
    assert Image.open(sheet).size[0] > 100
    assert "step 2/2" in output.err
    for term in ("total", "content", "style", "variation", "images/s", "left"):
        assert term in output.err
    assert "Starting from nothing; judged by pocket." in output.err
    assert f"--model={flags['run_dir']}" in output.err

    assert train(flags) == 0
    output = capsys.readouterr()
    assert "is finished" in output.err
    assert output.out.split() == [model, sheet]

    assert train({**flags, "steps": 3}) == 2
    assert "steps was 2, now 3" in capsys.readouterr().err
    assert train({**flags, "steps": 3}, "--overwrite") == 0
    assert "step 3/3" in capsys.readouterr().err


@pytest.mark.usefixtures("eager_steps")
def test_dry_run(flags, capsys):
    assert train(flags, "--dry_run") == 0
    output = capsys.readouterr().out
    facts, _ = json.JSONDecoder().raw_decode(output)
    assert facts["options"]["steps"] == 2
    assert facts["data"]["num_content_images"] == 1
    assert facts["data"]["style_names"] == ["wave"]
    last = output.splitlines()[-1]
    assert f"{facts['network']['num_parameters']:,} parameters" in last
    for unit in (" GB of memory", " s a step", " minutes for 2 steps"):
        assert unit in last
    assert not Path(flags["run_dir"]).exists()


def test_a_dry_run_finds_what_the_training_would(flags, capsys, tmp_path):
    run = RunFolder(flags["run_dir"])
    with run.locked():
        assert train(flags, "--dry_run") == 2
    assert "trains in `" in capsys.readouterr().err

    assert train(flags) == 0
    before = {p: p.read_bytes() for p in run.path.rglob("*") if p.is_file()}
    capsys.readouterr()
    assert train({**flags, "steps": 3}, "--dry_run") == 2
    assert "steps was 2, now 3" in capsys.readouterr().err
    assert train(flags, "--dry_run") == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert f"All 2 steps in `{run.path}` are done" in output.err
    assert train({**flags, "steps": 3}, "--dry_run", "--overwrite") == 0
    assert "minutes for 3 steps" in capsys.readouterr().out
    after = {p: p.read_bytes() for p in run.path.rglob("*") if p.is_file()}
    assert after == before

    last = sorted(run.checkpoint_folder.iterdir())[-1]
    last.rename(last.with_name("step_00000001.npz"))
    assert train(flags, "--dry_run") == 0
    assert "minutes for the last 1 of 2 steps" in capsys.readouterr().out

    long = tmp_path / ("x" * 300)
    assert train({**flags, "run_dir": long}, "--dry_run") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"`{long}` cannot be written: File name too long." in line


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"style_images": None}, "--style_images must be given"),
        (
            {"content_images": None, "run_dir": None},
            "--content_images and --run_dir must be given",
        ),
        ({"steps": 0}, "`steps` must be at least 1; got `0`"),
        ({"steps": "many"}, "`--steps` must be a whole number, got `many`"),
        ({"style_imges": "x"}, "did you mean `--style_images`?"),
        ({"style_coefficients": "wave"}, "must be NAME=NUMBER"),
        ({"style_coefficients": "wave=2, wave=3"}, "the style `wave` twice"),
        ({"style_coefficients": "wvae=2"}, "did you mean `wave`?"),
        ({"style_shares": "wave:2"}, "`wave:2` in --style_shares must be"),
        ({"stability_coefficients": "wave=-1"}, "numbers of at least 0"),
        ({"style_images": "/no/such/folder"}, "`/no/such/folder`"),
        ({"init_from": "/no/such.keras"}, "`/no/such.keras`"),
        (
            {"loss_network": "vgg16", "vgg_weights": "/no/such.h5"},
            "`/no/such.h5`, from --vgg_weights, is no file",
        ),
    ],
)
def test_wrong_use_is_one_line(flags, capsys, change, message):
    flags = {**flags, **change}
    flags = {name: value for name, value in flags.items() if value is not None}
    assert train(flags) == 2
    (line,) = [
        line
        for line in capsys.readouterr().err.splitlines()
        if not line.startswith("The loss network is the preview")
    ]
    assert line.startswith("multistyle train: ")
    assert message in line


def test_arguments_are_no_paintings(flags, capsys):
    assert train(flags, "wave.jpg") == 2
    assert "`wave.jpg` is not a flag" in capsys.readouterr().err


def test_vgg_weights_of_another_kind_are_refused(flags, capsys, tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(b"not HDF5")
    flags = {**flags, "loss_network": "vgg16", "vgg_weights": path}
    assert train(flags) == 2
    assert f"`{path}` does not hold the weights" in capsys.readouterr().err
