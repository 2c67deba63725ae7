import os
import signal
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.training.runs.folder import RunFolder

pytestmark = pytest.mark.usefixtures("eager_steps")


@pytest.fixture
def arguments(tmp_path):
    """A sweep of one training, which takes seconds."""
    for kind, name in (("paintings", "wave"), ("photographs", "cat")):
        (tmp_path / kind).mkdir()
        Image.linear_gradient("L").resize((48, 40)).save(
            tmp_path / kind / f"{name}.png"
        )
    return [
        f"--style_images={tmp_path / 'paintings'}",
        f"--content_images={tmp_path / 'photographs'}",
        f"--run_dir={tmp_path / 'sweep'}",
        "--sweep=style_loss_weight:2",
        "--steps=8",
        "--batch_size=1",
        "--image_size=32",
        "--style_size=32",
        "--width_multiplier=0.1",
        "--init_from=none",
        "--loss_network=pocket",
        "--precision=float32",
    ]


def test_ctrl_c_and_the_same_command_again(
    arguments, tmp_path, interruptible, capsys
):
    folder = tmp_path / "sweep"
    metrics = folder / "style_loss_weight=2" / "metrics.jsonl"

    def interrupt():
        end = time.monotonic() + 300
        while not metrics.exists() and time.monotonic() < end:
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    assert run_verb("train", arguments) == 130
    thread.join()
    output = capsys.readouterr()
    assert output.out == ""
    assert f"Stopped and saved in `{folder}`" in output.err
    assert [path.name for path in folder.iterdir()] == ["style_loss_weight=2"]

    assert run_verb("train", arguments) == 0
    output = capsys.readouterr()
    sheet = folder / "sweep.jpg"
    assert output.out.split() == [str(sheet)]
    assert "Going on from step" in output.err
    assert "step 8/8" in output.err
    assert f"--model={folder / 'style_loss_weight=2'}" in output.err
    # The photograph, and a row for the value.
    assert Image.open(sheet).size[1] == 2 * (256 + 10) - 10 + 40


@pytest.mark.usefixtures("eager_steps")
def test_a_dry_run_names_the_runs_and_writes_nothing(
    arguments, tmp_path, capsys
):
    assert run_verb("train", [*arguments, "--dry_run"]) == 0
    line, last = capsys.readouterr().out.splitlines()
    run_dir = tmp_path / "sweep" / "style_loss_weight=2"
    assert line.startswith(f"{run_dir}: 0 of 8 steps done, ")
    assert " minutes in all" in last
    assert not (tmp_path / "sweep").exists()


def test_a_dry_run_finds_what_the_sweep_would(arguments, tmp_path, capsys):
    dry = [*arguments, "--dry_run"]
    run = RunFolder(tmp_path / "sweep" / "style_loss_weight=2")
    with run.locked():
        assert run_verb("train", dry) == 2
    assert f"trains in `{run.path}`" in capsys.readouterr().err
    assert not (tmp_path / "sweep").exists()

    assert run_verb("train", arguments) == 0
    capsys.readouterr()
    assert run_verb("train", dry) == 0
    line, last = capsys.readouterr().out.splitlines()
    assert line == f"{run.path}: 8 of 8 steps done, finished"
    assert last == "About 0 minutes in all on this machine."
    assert run_verb("train", [*dry, "--steps=9"]) == 2
    assert "steps was 8, now 9" in capsys.readouterr().err

    (tmp_path / "sweep" / "mine.txt").write_text("mine")
    assert run_verb("train", dry) == 2
    assert "holds `mine.txt`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--sweep="], "must be NAME:VALUE,VALUE"),
        (["--sweep=style_loss_weight:"], "must be NAME:VALUE,VALUE"),
        (["--sweep=loss_network:2"], "`loss_network` in --sweep is no numeric"),
        (["--sweep=style_loss_weight:2,,4"], "`` in --sweep must be a number"),
        (["--sweep=style_loss_weight:2;4"], "`2;4` in --sweep must be a numb"),
        (["--sweep=seed:1.5"], "must be a whole number, as `seed` is"),
        (["--sweep=seed:2,-1"], "`seed` must be at least 0; got `-1`"),
        (["--sweep=style_loss_weight:nan"], "a number from 0; got `nan`"),
        (["--sweep=learning_rat:1"], "did you mean `learning_rate`?"),
        (["--style_loss_weight=6"], "`style_loss_weight` is given twice"),
        (["--sweep=image_size:16"], "`image_size` is given twice"),
        (["--sweep=learning_rate:0"], "must be a number above 0; got `0.0`"),
    ],
)
def test_wrong_use_is_one_line(arguments, capsys, more, message):
    assert run_verb("train", [*arguments, *more]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("multistyle train: ")
    assert message in line


def test_a_sweep_needs_pictures(capsys):
    assert run_verb("train", ["--sweep=style_loss_weight:2"]) == 2
    assert "--style_images and --content" in capsys.readouterr().err
    assert not Path("runs").exists()
