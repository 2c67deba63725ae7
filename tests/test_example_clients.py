"""Clients of exports run without multistyle, as an app would."""

import importlib.util
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import multistyle
from multistyle.images.samples import PHOTOGRAPHS_FOLDER
from multistyle.inference.passes import levels

EXAMPLES = Path(__file__).parents[1] / "examples"
# Of a picture of 12 megapixels a quarter a side, and of all that goes with it.
DECIDING_SIZE, TILE = 250, 256
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


@pytest.fixture
def reduced(exported, tmp_path):
    """The export, as it says it is, at a quarter of its sizes."""
    folder = tmp_path / "reduced"
    shutil.copytree(exported, folder)
    change_levels(folder, deciding_size=DECIDING_SIZE, tile_size=TILE)
    return folder


def change_levels(folder, **levels):
    path = folder / "export.json"
    description = json.loads(path.read_text("utf-8"))
    description["levels"].update(levels)
    path.write_text(json.dumps(description), "utf-8")


@pytest.fixture(scope="module")
def client():
    """The example, as a module."""
    spec = importlib.util.spec_from_file_location(
        "paint_by_tiles", EXAMPLES / "paint_by_tiles.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tiles_paint_what_the_command_line_paints(
    client, reduced, photograph, tmp_path, monkeypatch
):
    monkeypatch.setattr(levels, "DECIDING_SIZE", DECIDING_SIZE)
    stylizer = multistyle.Stylizer.load("paintings-fast", precision="float32")
    with Image.open(photograph) as photo:
        expected = np.asarray(stylizer.stylize(photo, "starry_night"), float)
    output = tmp_path / "painted.png"
    client.main(reduced, photograph, "starry_night", output)
    painted = np.asarray(Image.open(output), float)
    assert painted.shape == (1000, 750, 3)
    assert np.abs(painted - expected).mean() < 1
    # A round for each layer is exact.
    ends = np.cumsum([0, *CHANNELS]).tolist()
    change_levels(reduced, rounds=list(itertools.pairwise(ends)))
    client.main(reduced, photograph, "starry_night", output)
    painted = np.asarray(Image.open(output), float)
    assert np.abs(painted - expected).mean() < 0.15


def test_it_runs_without_multistyle(exported, tmp_path):
    picture = Image.open(PHOTOGRAPHS_FOLDER / "coffee.jpg").resize((90, 60))
    picture.save(tmp_path / "photo.png")
    blocked = "import sys; sys.modules.update(multistyle=None, keras=None)\n"
    blocked += "sys.modules['tensorflow'] = None\n"
    source = (EXAMPLES / "paint_by_tiles.py").read_text("utf-8")
    (tmp_path / "client.py").write_text(blocked + source, "utf-8")
    subprocess.run(
        [
            sys.executable,
            "client.py",
            str(exported),
            "photo.png",
            "udnie",
            "painted.png",
        ],
        check=True,
        cwd=tmp_path,
    )
    painted = np.asarray(Image.open(tmp_path / "painted.png"), float)
    stylizer = multistyle.Stylizer.load("paintings-fast", precision="float32")
    expected = np.asarray(stylizer.stylize(picture, "udnie"), float)
    assert np.abs(painted - expected).max() <= 1


def test_the_export_says_how_many_channels_layers_have(exported):
    description = json.loads((exported / "export.json").read_text("utf-8"))
    assert description["channels"] == CHANNELS
