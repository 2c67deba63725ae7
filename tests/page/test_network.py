"""The page's network in Node, beside Keras'."""

import json
import shutil
import subprocess
from pathlib import Path

import keras
import numpy as np
import pytest

import multistyle
from multistyle.network.stored_weights import take_weights
from multistyle.network.transform import TransformNetwork
from tests.page.conftest import NODE_MODULES
from tests.page.javascript import run_javascript
from tests.page.network_cases import (
    ENGINE,
    Picture,
    blend_map,
    bundled_weights,
    paint_by_keras,
    photograph,
    write_model,
    write_pictures,
)

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs Node"
)
# Loads the network of `write_model`.
LOAD = """
const { readFile } = await import("node:fs/promises");
const { loadNetwork, readRows } = await engine("network/network.mjs");
const model = JSON.parse(await readFile(`${inputs.site}/model.json`));
const bytes = await readFile(`${inputs.site}/weights.bin`);
const data = bytes.buffer.slice(
  bytes.byteOffset, bytes.byteOffset + bytes.length);
const rows = readRows(model, data);
"""
JOB = Path(__file__).with_name("network_job.mjs")
# At 1024 px, where it is largest, it is 7e-6.
TOLERANCE = 2e-5
FLAT = np.full((96, 100, 3), (0.9, 0.95, 1.0), np.float32)


def run_job(folder, pictures, options=None):
    """Paints pictures in Node.

    Returns:
        What the script reports, and each painting by its name.
    """
    job = {
        "engine": str(ENGINE),
        "options": options or {},
        "pictures": write_pictures(folder, pictures),
    }
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    done = subprocess.run(
        ["node", str(JOB), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), {
        picture.name: np.fromfile(
            folder / f"{picture.name}.out", "<f4"
        ).reshape(picture.image.shape)
        for picture in pictures
    }


def largest_difference(first, second):
    assert first.shape == second.shape
    return np.abs(first - second).max()


@pytest.fixture(scope="module")
def paintings_fast():
    return multistyle.load_network("paintings-fast")


@pytest.mark.parametrize(
    "size", [(8, 8), (97, 131), (256, 256), (512, 384), (1024, 1024)]
)
def test_it_paints_what_keras_paints(size, paintings_fast, tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    picture = Picture("picture", photograph(*size), (7,))
    _, painted = run_job(tmp_path, [picture])
    expected = paint_by_keras(paintings_fast, picture)
    assert largest_difference(painted["picture"], expected) < TOLERANCE


@pytest.mark.parametrize("name", ["paintings-fast", "paintings"])
def test_a_flat_picture_has_one_color(name, tmp_path):
    write_model(tmp_path, bundled_weights(name))
    network = multistyle.load_network(name)
    colors = {"white": 1.0, "black": 0.0, "grey": 0.5}
    pictures = [
        Picture(color, np.full((64, 80, 3), value, np.float32), (3,))
        for color, value in colors.items()
    ]
    pictures.append(Picture("bluish", FLAT, (3,)))
    _, painted = run_job(tmp_path, pictures)
    for picture in pictures:
        expected = paint_by_keras(network, picture)
        assert painted[picture.name].std(axis=(0, 1)).max() < 4e-4
        difference = largest_difference(painted[picture.name], expected)
        assert difference < 1e-3


def test_strips_paint_the_same_in_less_memory(tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    image = photograph(331, 270)
    shares = {"whole": None, "most": 0.8, "some": 0.4, "few": 0.0}
    pictures = [
        Picture(name, image, (2,), share=share)
        for name, share in shares.items()
    ]
    told, painted = run_job(tmp_path, pictures)
    (report, *_) = told["report"]
    assert report["fewest"] < 0.55 * report["most"]
    for name in ("most", "some", "few"):
        np.testing.assert_array_equal(painted[name], painted["whole"])


def test_a_map_blends_by_place(paintings_fast, tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    pictures = [
        Picture(f"share_{share}", photograph(90, 117), (1, 4), weights, share)
        for weights in [blend_map(90, 117)]
        for share in (None, 0.0)
    ]
    _, painted = run_job(tmp_path, pictures)
    expected = paint_by_keras(paintings_fast, pictures[0])
    for name in painted:
        assert largest_difference(painted[name], expected) < TOLERANCE


def test_the_wide_network(tmp_path):
    write_model(tmp_path, bundled_weights("paintings"))
    picture = Picture("picture", photograph(150, 202), (5,))
    _, painted = run_job(tmp_path, [picture])
    expected = paint_by_keras(multistyle.load_network("paintings"), picture)
    assert largest_difference(painted["picture"], expected) < TOLERANCE


@pytest.mark.parametrize(
    "form",
    [
        {"width_multiplier": 0.3},
        {"width_multiplier": 0.1, "skip_connections": False},
        # As magenta's checkpoints, which round odd sizes up.
        {
            "width_multiplier": 0.25,
            "skip_connections": False,
            "extend_image": False,
        },
    ],
)
def test_other_forms_of_the_network(form, tmp_path):
    keras.utils.set_random_seed(0)
    network = TransformNetwork(["a", "b"], **form)
    for variable in network.weights:
        # What float16 holds is what both paint with.
        variable.assign(np.asarray(variable).astype(np.float16))
    write_model(tmp_path, take_weights(network))
    pictures = [
        Picture("one", photograph(45, 70)),
        Picture("map", photograph(46, 53), (0, 1), blend_map(46, 53)),
        Picture("strips", photograph(301, 90), share=0.0),
    ]
    _, painted = run_job(tmp_path, pictures)
    for picture in pictures:
        expected = paint_by_keras(network, picture)
        difference = largest_difference(painted[picture.name], expected)
        assert difference < TOLERANCE


def test_threads_paint_the_same(tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    pictures = [
        Picture("whole", photograph(130, 171), (2,)),
        Picture("strips", photograph(130, 171), (2,), share=0.2),
        Picture("map", photograph(64, 90), (0, 1), blend_map(64, 90)),
    ]
    _, alone = run_job(tmp_path, pictures)
    told, together = run_job(tmp_path, pictures, {"threads": 3})
    assert (told["threads"], told["notes"]) == (3, [])
    for picture in pictures:
        np.testing.assert_array_equal(
            together[picture.name], alone[picture.name]
        )


@pytest.mark.skipif(
    NODE_MODULES is None,
    reason="needs onnxruntime-web: its folder in MULTISTYLE_NODE_MODULES",
)
def test_onnxruntime_web_paints_the_same(tmp_path):
    onnx = pytest.importorskip("onnx")
    from multistyle.export.onnx.graph import build_graph

    weights = bundled_weights("paintings-fast")
    write_model(tmp_path, weights)
    onnx.save(build_graph(weights, {}), tmp_path / "model.onnx")
    image = photograph(97, 131)
    blend = np.zeros(len(weights.style_names), np.float32)
    blend[[2, 5]] = 0.25, 0.75
    distribution = Path(NODE_MODULES) / "onnxruntime-web" / "dist"
    told = run_javascript(
        tmp_path,
        LOAD
        + """
        const ort = await import(`${inputs.runtime}/ort.node.min.mjs`);
        ort.env.wasm.numThreads = 1;
        const [h, w] = inputs.size;
        const session = await ort.InferenceSession.create(
          await readFile(`${inputs.site}/model.onnx`));
        const { stylized_image } = await session.run({
          image: new ort.Tensor("float32", inputs.image, [1, h, w, 3]),
          style_weights: new ort.Tensor(
            "float32", inputs.blend, [1, inputs.blend.length]),
        }, ["stylized_image"]);
        const row = rows[0].map((_, c) => rows.reduce(
          (sum, each, i) => sum + inputs.blend[i] * each[c], 0));
        const network = await loadNetwork(model, data);
        const painting = await network.paint(
          inputs.image, h, w, { rows: [row], map: null });
        return { painting, expected: stylized_image.data };
        """,
        image=image,
        size=image.shape[:2],
        blend=blend,
        site=str(tmp_path),
        runtime=distribution.as_uri(),
    )
    difference = largest_difference(told["painting"], told["expected"])
    assert difference < TOLERANCE


def test_moments_can_be_measured_and_given(tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    told = run_javascript(
        tmp_path,
        LOAD
        + """
        const network = await loadNetwork(model, data);
        const [h, w] = inputs.size;
        const look = { rows: [rows[3]], map: null };
        const painting = await network.paint(inputs.image, h, w, look);
        const moments = await network.measure(inputs.image, h, w, look);
        const again = [];
        await network.paint(inputs.image, h, w, look, {
          moments, bytes: 0, emit: (start, part) => again.push([start, part]),
        });
        return { painting, mean: moments.mean, again };
        """,
        image=photograph(203, 90),
        size=(203, 90),
        site=str(tmp_path),
    )
    assert told["mean"].shape == (403,)
    starts, parts = zip(*told["again"], strict=True)
    assert list(starts) == sorted(starts)
    assert len(parts) > 1
    np.testing.assert_array_equal(np.concatenate(parts), told["painting"])


def test_a_painting_is_stopped_and_the_next_one_is_whole(tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    told = run_javascript(
        tmp_path,
        LOAD
        + """
        const network = await loadNetwork(model, data, { threads: 2 });
        const [h, w] = inputs.size;
        const look = { rows: [rows[3]], map: null };
        const expected = await network.paint(inputs.image, h, w, look);
        const controller = new AbortController();
        const stopped = network.paint(inputs.image, h, w, look, {
          signal: controller.signal, progress: () => controller.abort(),
        }).catch((error) => error.name);
        const next = network.paint(inputs.image, h, w, look);
        const result = {
          stopped: await stopped, painting: await next, expected,
          small: await network.paint(inputs.image, 7, w, look)
            .catch((error) => error.message),
        };
        network.close();
        return result;
        """,
        image=photograph(64, 90),
        size=(64, 90),
        site=str(tmp_path),
    )
    assert told["stopped"] == "AbortError"
    np.testing.assert_array_equal(told["painting"], told["expected"])
    assert told["small"] == "A picture has at least 8 x 8 pixels; got 90 x 7."


@pytest.mark.parametrize(
    "missing",
    ["WebAssembly.validate = () => false", "delete globalThis.WebAssembly"],
)
def test_a_browser_without_simd_is_told_in_one_sentence(missing, tmp_path):
    write_model(tmp_path, bundled_weights("paintings-fast"))
    told = run_javascript(
        tmp_path,
        f"{LOAD} {missing};"
        """
        return loadNetwork(model, data, { threads: 2 })
          .catch((error) => ({ message: error.message }));
        """,
        site=str(tmp_path),
    )
    assert "WebAssembly with SIMD" in told["message"]
    assert "Safari 16.4" in told["message"]
