import json

import keras
import numpy as np
import pytest

if keras.backend.backend() != "tensorflow":
    pytest.skip("needs Keras on TensorFlow", allow_module_level=True)

from ai_edge_litert.interpreter import Interpreter

from multistyle.export import parity
from multistyle.export.litert import check_weights
from multistyle.export.network_export import export_network
from multistyle.export.parity import ParityError
from multistyle.network.models import load_network, save_network

BLEND = np.array([[0.2, 0.5, 0.3]], np.float32)


@pytest.fixture(autouse=True)
def small_sizes(monkeypatch):
    monkeypatch.setattr(parity, "SIZES", ((33, 47), (64, 40)))


def read_description(folder):
    return json.loads((folder / "export.json").read_text("utf-8"))


def test_it_is_resized_by_the_runtime(small_network, tmp_path):
    rows = export_network(small_network, tmp_path / "out", format="litert")
    assert [(row.height, row.width) for row in rows] == [(33, 47), (64, 40)]
    assert all(row.largest < 1e-4 for row in rows)
    description = read_description(tmp_path / "out")
    assert description["inputs"][0]["shape"] == [1, "height", "width", 3]
    assert description["inputs"][1]["name"] == "style_weights"
    assert "ai-edge-litert" in description["versions"]


def test_one_size_and_one_blend(small_network, tmp_path):
    export_network(
        small_network,
        tmp_path / "out",
        format="litert",
        bake="great_wave",
        size=(40, 56),
    )
    description = read_description(tmp_path / "out")
    (image,) = description["inputs"]
    (painted,) = description["outputs"]
    assert image["shape"] == painted["shape"] == [1, 40, 56, 3]
    assert [(row["height"], row["width"]) for row in description["parity"]] == [
        (40, 56)
    ]
    interpreter = Interpreter(str(tmp_path / "out" / "model.tflite"))
    (run,) = [
        interpreter.get_signature_runner(name)
        for name in interpreter.get_signature_list()
    ]
    picture = np.random.default_rng(0).random((1, 40, 56, 3), np.float32)
    result = run(image=picture)[painted["name"]]
    weights = np.array([[0, 1, 0]], np.float32)
    expected = small_network({"image": picture, "style_weights": weights})
    np.testing.assert_allclose(result, np.array(expected), atol=1e-4)


def test_halved_weights_paint_the_same(small_network, tmp_path):
    # As a bundled model, whose numbers float16 holds.
    path = tmp_path / "half.keras"
    save_network(small_network, path, half_precision=True)
    network = load_network(path)
    painted, sizes = [], []
    picture = np.random.default_rng(0).random((1, 40, 56, 3), np.float32)
    for store in ("float32", "float16"):
        # Flat pictures are among those that it compares.
        folder = tmp_path / store
        export_network(network, folder, format="litert", store=store)
        path = folder / "model.tflite"
        sizes.append(path.stat().st_size)
        interpreter = Interpreter(str(path))
        (name,) = interpreter.get_signature_list()
        run = interpreter.get_signature_runner(name)
        painted += run(image=picture, style_weights=BLEND).values()
    np.testing.assert_array_equal(*painted)
    assert sizes[1] < 0.75 * sizes[0]


def test_a_file_without_weights_is_found(small_network, tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(bytes(70_000))
    with pytest.raises(ParityError, match="70000 bytes, .* left them out"):
        check_weights(path, small_network)
