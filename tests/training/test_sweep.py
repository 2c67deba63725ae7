import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.files.json_files import write_json
from multistyle.images.resizing import resize
from multistyle.network.models import load_network
from multistyle.training.distribution.job import VARIABLES
from multistyle.training.material.photographs import open_photographs
from multistyle.training.runs.samples import (
    choose_sample_photographs,
    paint_samples,
)
from multistyle.training.sweep import Sweep


@pytest.fixture
def shared(small_options):
    """What the trainings of a sweep share: each takes seconds."""
    return small_options(steps=2)


def test_each_value_has_a_run_folder_however_it_is_written(shared):
    sweep = Sweep("style_loss_weight", [2, 6.50, 2.0, 1e-3], shared)
    assert list(sweep.runs) == ["2", "6.5", "0.001"]
    for text, options in sweep.runs.items():
        folder = sweep.folder / f"style_loss_weight={text}"
        assert options.run_dir == str(folder)
        assert options.style_loss_weight == float(text)
        assert options.image_size == shared.image_size


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("style_weight", 2, "did you mean `style_loss_weight`"),
        ("loss_network", 2, "`loss_network` in a sweep is no numeric option"),
        ("checkpoint_every", 2, "`checkpoint_every` in a sweep is no numeric"),
        ("style_loss_weight", "2;4", "must be a number; got `2;4`"),
        ("seed", 1.5, "`seed` must be a whole number; got `1.5`"),
        ("style_loss_weight", -1, "must be a number from 0; got `-1.0`"),
    ],
)
def test_wrong_sweeps(shared, name, value, message):
    with pytest.raises(InputError, match=message):
        Sweep(name, [value], shared)


def test_a_sweep_is_for_one_process(small_options, monkeypatch):
    for name, value in zip(VARIABLES, ("a:1", "2", "0"), strict=True):
        monkeypatch.setenv(name, value)
    options = small_options(distribute="data_parallel")
    with pytest.raises(InputError, match="A sweep is for one process"):
        Sweep("style_loss_weight", [2], options)
    assert Sweep("style_loss_weight", [2], small_options()).runs


@pytest.mark.usefixtures("eager_steps")
def test_the_runs_and_their_sheet(shared):
    lines = []

    def train(sweep):
        return sweep.train(note=lines.append, progress=lambda progress: None)

    sweep = Sweep("style_loss_weight", [2], shared)
    path = train(sweep)
    assert path == sweep.folder / "sweep.jpg"
    # The photographs, then a row for each of two paintings.
    assert Image.open(path).size[1] == 3 * (256 + 10) - 10 + 40
    start = "Starting from nothing; judged by pocket."
    assert lines == ["style_loss_weight=2 (1 of 1):", start]
    model = sweep.folder / "style_loss_weight=2" / "model.keras"
    before = model.read_bytes()

    # The same folder takes further values, and repeats nothing.
    sweep = Sweep("style_loss_weight", [2, 10], shared)
    assert train(sweep) == path
    assert lines[2] == "style_loss_weight=2 (1 of 2):"
    assert lines[3].endswith(
        "is finished, 2 steps; --overwrite starts it anew."
    )
    assert lines[4:] == ["style_loss_weight=10 (2 of 2):", start]
    assert model.read_bytes() == before
    names = sorted(p.name for p in sweep.folder.iterdir())
    assert names == ["style_loss_weight=10", "style_loss_weight=2", "sweep.jpg"]
    record = json.loads(
        (sweep.folder / names[0] / "options.json").read_text("utf-8")
    )
    assert record["options"]["style_loss_weight"] == 10.0

    page = np.asarray(Image.open(path), np.float32)
    assert page.shape[0] == 5 * (256 + 10) - 10 + 40
    network = load_network(sweep.folder / names[0] / "model.keras")
    photographs = choose_sample_photographs(
        open_photographs(shared.content_images)
    )
    # The last row is the second painting's, in the middle of 60 x 80 pixels.
    square = photographs[-1][:, 10:70]
    (pastiche,) = paint_samples(network, [square], 1)
    cell = page[-276:-20, -276:-20]
    assert np.abs(cell - resize(pastiche, (256, 256))).mean() < 4

    other = dataclasses.replace(shared, seed=1)
    with pytest.raises(InputError, match="seed was 0, now 1"):
        Sweep("style_loss_weight", [4, 10], other).check()
    Sweep("style_loss_weight", [4, 10], other).check(overwrite=True)


def test_a_folder_of_something_else_is_refused(shared):
    sweep = Sweep("style_loss_weight", [2], shared)
    sweep.check()
    sweep.folder.mkdir()
    (sweep.folder / ".lock").touch()
    sweep.check()
    for name in ("sweep.jpg", "options.json", "style_size=256"):
        write_json(sweep.folder / name, {})
        with pytest.raises(InputError, match=f"holds `{name}`, which is no"):
            sweep.check()
        (sweep.folder / name).unlink()
    (sweep.folder / "style_loss_weight=7").mkdir()
    (sweep.folder / "sweep.jpg").touch()
    sweep.check()


def test_a_sheet_that_cannot_be_written_is_refused_before_all_else(shared):
    sweep = Sweep("style_loss_weight", [2], shared)
    sweep.folder.parent.mkdir(exist_ok=True)
    sweep.folder.write_bytes(b"mine")
    lines = []
    with pytest.raises(InputError, match="is a file, where the folder"):
        sweep.train(note=lines.append)
    sweep.folder.unlink()
    (sweep.folder / "style_loss_weight=7").mkdir(parents=True)
    (sweep.folder / "sweep.jpg").mkdir()
    with pytest.raises(InputError, match="sweep.jpg` is a folder"):
        sweep.train(note=lines.append)
    assert lines == []
