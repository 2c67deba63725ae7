import json
import os
import subprocess
import sys

import numpy as np
import onnx
import pytest

from multistyle.export import parity
from multistyle.export.network_export import export_network
from multistyle.export.onnx.model import open_session
from multistyle.images.values import to_float

# Writes the ONNX file of argv[1] to argv[2] where there is no TensorFlow.
WITHOUT_TENSORFLOW = """
import sys
sys.modules["tensorflow"] = None
import onnx
from multistyle.export.onnx.graph import build_graph
from multistyle.network.stored_weights import read_weights
assert "keras" not in sys.modules
onnx.save(build_graph(read_weights(sys.argv[1]), {}), sys.argv[2])
"""
# Exports argv[1] to argv[2] by Keras on JAX, where there is no TensorFlow.
ON_JAX = """
import sys
sys.modules["tensorflow"] = None
import multistyle
from multistyle.export import parity
parity.SIZES = ((33, 47), (64, 64))
multistyle.export_network(sys.argv[1], sys.argv[2], format="onnx")
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The ONNX export of the narrow bundled network, at all sizes."""
    folder = tmp_path_factory.mktemp("onnx") / "exported"
    export_network("paintings-fast", folder, format="onnx")
    return folder


def test_it_paints_at_every_size_and_is_small(exported):
    description = json.loads((exported / "export.json").read_text("utf-8"))
    assert sorted(p.name for p in exported.iterdir()) == [
        "enlarge.onnx",
        "export.json",
        "model.onnx",
        "plan.onnx",
        "settle.onnx",
    ]
    assert list(description["others"]) == [
        "plan.onnx",
        "enlarge.onnx",
        "settle.onnx",
    ]
    size, *_, tile_size = description["others"]["plan.onnx"]["inputs"]
    assert size == {"name": "size", "dtype": "int64", "shape": [2]}
    assert tile_size["default"] == [1024]
    assert sum(p.stat().st_size for p in exported.glob("*.onnx")) < 600_000
    assert description["store"] == "float16"
    assert len(description["styles"]) == 52
    rows = description["parity"]
    assert [(row["height"], row["width"]) for row in rows] == list(parity.SIZES)
    # Not the limit of all formats: what this one reaches.
    assert all(row["largest"] < 2e-4 for row in rows)
    assert all(flat["deviation"] < 1e-4 for flat in description["flat"])


def test_the_file_says_which_styles_there_are(exported):
    description = json.loads((exported / "export.json").read_text("utf-8"))
    metadata = {
        entry.key: entry.value
        for entry in onnx.load(exported / "model.onnx").metadata_props
    }
    names = [style["name"] for style in description["styles"]]
    assert json.loads(metadata["styles"]) == names


def test_openvino_paints_the_same(exported):
    openvino = pytest.importorskip("openvino")
    compiled = openvino.Core().compile_model(
        exported / "model.onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    random = np.random.default_rng(0)
    weights = random.dirichlet(np.ones(52))[None].astype(np.float32)
    session = open_session(exported / "model.onnx")
    for image in (
        random.random((1, 61, 90, 3), np.float32),
        np.full((1, 40, 52, 3), 0.7, np.float32),
    ):
        painted = compiled([image, weights])[0]
        (expected, _) = session.run(
            None, {"image": image, "style_weights": weights}
        )
        np.testing.assert_allclose(painted, expected, atol=1e-3)
        assert painted.std() > 1e-4 or image.std() < 1e-6


def test_it_is_built_without_tensorflow_and_keras(
    small_model_path, small_network, tmp_path
):
    subprocess.run(
        [
            sys.executable,
            "-c",
            WITHOUT_TENSORFLOW,
            str(small_model_path),
            str(tmp_path / "small.onnx"),
        ],
        check=True,
    )
    image = np.random.default_rng(0).random((1, 24, 32, 3), np.float32)
    weights = np.array([[0, 1, 0]], np.float32)
    feed = {"image": image, "style_weights": weights}
    painted = open_session(tmp_path / "small.onnx").run(None, feed)[0]
    np.testing.assert_allclose(
        painted, np.array(small_network(feed)), atol=2e-5
    )


def test_it_is_exported_and_compared_by_keras_on_jax(
    small_model_path, tmp_path
):
    pytest.importorskip("jax")
    subprocess.run(
        [sys.executable, "-c", ON_JAX, str(small_model_path), "exported"],
        check=True,
        cwd=tmp_path,
        env={**os.environ, "KERAS_BACKEND": "jax"},
    )
    assert (tmp_path / "exported" / "model.onnx").is_file()


def test_a_filter_is_one_blend(small_network, tmp_path, monkeypatch):
    monkeypatch.setattr(parity, "SIZES", ((33, 47),))
    blend = "starry_night=0.5,great_wave=0.5"
    rows = export_network(
        small_network, tmp_path / "out", format="onnx_filter", bake=blend
    )
    assert rows[0].largest < 1e-4
    description = json.loads((tmp_path / "out" / "export.json").read_text())
    assert [s["weight"] for s in description["styles"]] == [0.5, 0.5]
    assert description["inputs"] == [
        {
            "name": "image",
            "dtype": "float32",
            "shape": [1, 3, "height", "width"],
            "range": [0, 1],
        }
    ]
    picture = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    image = to_float(picture)[None]
    painted = open_session(tmp_path / "out" / "filter.onnx").run(
        None, {"image": image.transpose(0, 3, 1, 2)}
    )[0]
    weights = np.array([[0.5, 0.5, 0]], np.float32)
    expected = small_network({"image": image, "style_weights": weights})
    np.testing.assert_allclose(
        painted.transpose(0, 2, 3, 1), np.array(expected), atol=2e-5
    )
