import json

import keras
import pytest

from multistyle.errors import InputError
from multistyle.export import network_export, parity
from multistyle.export.network_export import export_network
from multistyle.export.parity import ParityError
from multistyle.network.styles import fingerprint

needs_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="needs Keras on TensorFlow"
)
SMALL = ((33, 47), (64, 64))


@pytest.fixture(autouse=True)
def small_sizes(monkeypatch):
    monkeypatch.setattr(parity, "SIZES", SMALL)


@needs_tensorflow
def test_a_file_is_exported_and_described(
    small_model_path, small_network, tmp_path
):
    rows = export_network(small_model_path, tmp_path / "served")
    assert [(row.height, row.width) for row in rows] == list(SMALL)
    assert all(row.largest < 1e-5 for row in rows)
    assert (tmp_path / "served" / "saved_model.pb").is_file()
    content = json.loads((tmp_path / "served" / "export.json").read_text())
    assert content["format"] == "saved_model"
    assert content["styles"] == [
        {"name": "starry_night"},
        {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
        {"name": "the_scream"},
    ]
    assert content["fingerprint"] == fingerprint(small_network)
    image, weights, *tiles = content["inputs"]
    assert [(tensor["name"], tensor["signature"]) for tensor in tiles] == [
        ("given_moments", "tiles"),
        ("margins", "tiles"),
    ]
    assert image["name"] == "image"
    assert image["range"] == [0, 1]
    assert weights["shape"] == ["batch", 3]
    assert [row["height"] for row in content["parity"]] == [33, 64]
    assert len(content["flat"]) == 4
    assert content["latency"]["seconds"] > 0
    assert {"multistyle", "keras", "tensorflow"} <= set(content["versions"])


def test_an_unknown_format_is_named(small_model_path, tmp_path):
    with pytest.raises(InputError, match="`onyx` .* use one of saved_model"):
        export_network(small_model_path, tmp_path / "served", format="onyx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [7, 0, (512, 4), (1, 2, 3), 8.5, "512"])
def test_a_size_that_is_none_is_named(size):
    with pytest.raises(InputError, match="at least 8 pixels"):
        network_export.check_size(size)


def test_a_size_is_a_side_or_two():
    assert network_export.check_size(None) is None
    assert network_export.check_size(512) == (512, 512)
    assert network_export.check_size((320, 640)) == (320, 640)


@needs_tensorflow
def test_a_difference_fails_the_export(small_network, tmp_path, monkeypatch):
    monkeypatch.setattr(parity, "LIMIT", -1)
    with pytest.raises(ParityError, match="At 33 x 47"):
        export_network(small_network, tmp_path / "served")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_refused_at_once(small_network, tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(InputError, match="exists already"):
        export_network(small_network, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@needs_tensorflow
def test_the_output_is_tried_before_the_model_is_read(tmp_path):
    """There is no such model, which would be said otherwise."""
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file/served` cannot be written: "):
        export_network("no_such_model", tmp_path / "file" / "served")
    with pytest.raises(InputError, match="no model `no_such_model`"):
        export_network("no_such_model", tmp_path / "served")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_another_backend_is_refused(small_network, tmp_path, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(InputError, match="set KERAS_BACKEND=tensorflow"):
        export_network(small_network, tmp_path / "served")
    assert list(tmp_path.iterdir()) == []
