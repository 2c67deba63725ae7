"""Clients of exports run without multistyle, as an app would."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

import multistyle
from multistyle.export.onnx.plan import LAYERS_OF_ROUNDS, build_plan
from multistyle.images.samples import PHOTOGRAPHS_FOLDER
from multistyle.inference.passes import levels

EXAMPLES = Path(__file__).parents[1] / "examples"
# Of a picture of 12 megapixels a quarter a side, and of all that goes with it.
DECIDING_SIZE, TILE_SIZE = 250, 256
CHANNELS = [8, 16, *[32] * 11, 16, 8, 3]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The narrow bundled network as an ONNX file of two styles."""
    folder = tmp_path_factory.mktemp("onnx") / "exported"
    multistyle.export_network(
        "paintings-fast",
        folder,
        format="onnx",
        styles=["starry_night", "udnie"],
    )
    return folder


@pytest.fixture
def photograph(tmp_path):
    path = tmp_path / "photo.png"
    picture = Image.open(PHOTOGRAPHS_FOLDER / "astronaut.jpg")
    picture.resize((750, 1000)).save(path)
    return path


def paint(folder, photograph, style, before=""):
    """Runs the example, after another line; float [H, W, 3] in [0, 255]."""
    source = (EXAMPLES / "paint_by_tiles.py").read_text("utf-8")
    script = photograph.with_name("client.py")
    script.write_text(f"{before}\n{source}", "utf-8")
    output = photograph.with_name("painted.png")
    command = [sys.executable, script, folder, photograph, style, output]
    subprocess.run([str(part) for part in command], check=True)
    return np.asarray(Image.open(output), float)


@pytest.mark.parametrize(
    ("layers_of_rounds", "limit"),
    [(LAYERS_OF_ROUNDS, 1), (range(1, 17), 0.15)],
    ids=["in_rounds", "layer_by_layer"],
)
def test_tiles_paint_what_the_command_line_paints(
    exported, photograph, tmp_path, monkeypatch, layers_of_rounds, limit
):
    monkeypatch.setattr(levels, "DECIDING_SIZE", DECIDING_SIZE)
    stylizer = multistyle.Stylizer.load("paintings-fast", precision="float32")
    with Image.open(photograph) as photo:
        expected = np.asarray(stylizer.stylize(photo, "starry_night"), float)
    folder = tmp_path / "reduced"
    shutil.copytree(exported, folder)
    plan = build_plan(
        CHANNELS,
        deciding_size=DECIDING_SIZE,
        tile_size=TILE_SIZE,
        layers_of_rounds=layers_of_rounds,
    )
    onnx.save(plan, folder / "plan.onnx")
    painted = paint(folder, photograph, "starry_night")
    assert painted.shape == (1000, 750, 3)
    assert np.abs(painted - expected).mean() < limit


def test_it_runs_without_multistyle(exported, tmp_path):
    picture = Image.open(PHOTOGRAPHS_FOLDER / "coffee.jpg").resize((90, 60))
    picture.save(tmp_path / "photo.png")
    blocked = "import sys; sys.modules.update(multistyle=None, keras=None, "
    blocked += "tensorflow=None)"
    painted = paint(exported, tmp_path / "photo.png", "udnie", blocked)
    stylizer = multistyle.Stylizer.load("paintings-fast", precision="float32")
    expected = np.asarray(stylizer.stylize(picture, "udnie"), float)
    assert np.abs(painted - expected).max() <= 1


def test_the_export_says_how_many_channels_layers_have(exported):
    description = json.loads((exported / "export.json").read_text("utf-8"))
    assert description["channels"] == CHANNELS
