import os

import numpy as np
import pytest

pytest.importorskip("openvino")
pytest.importorskip("platformdirs")

from multistyle.inference.engines.openvino import (
    cache as graph_cache,
)
from multistyle.inference.engines.openvino import (
    graph as graphs,
)
from multistyle.inference.engines.openvino.engine import OpenVINOEngine

WEIGHTS = np.array([0.2, 0.3, 0.5], np.float32)
PICTURE = np.random.default_rng(0).random((12, 17, 3), np.float32)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(graph_cache, "cache_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def builds(monkeypatch):
    """A list that grows with each graph that is built."""
    builds = []
    original = graphs.build_graph

    def build_graph(*arguments):
        builds.append(arguments)
        return original(*arguments)

    monkeypatch.setattr(graphs, "build_graph", build_graph)
    return builds


def paint(path, precision="float32"):
    return OpenVINOEngine(path, precision).paint(PICTURE, WEIGHTS)


def test_the_second_load_builds_nothing(folder, builds, small_model_path):
    first = paint(small_model_path)
    assert len(builds) == len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(paint(small_model_path), first)
    assert len(builds) == 1


def test_another_file_at_the_same_path_is_another_model(
    folder, builds, small_model_path, small_network, tmp_path_factory
):
    from multistyle.network.models import save_network

    path = tmp_path_factory.mktemp("models") / "model.keras"
    path.write_bytes(small_model_path.read_bytes())
    first = paint(path)
    layer = small_network.blocks[-1].normalization
    kept = layer.beta.numpy()
    layer.beta.assign(kept + 1)
    save_network(small_network, path)
    layer.beta.assign(kept)
    assert np.abs(paint(path) - first).max() > 0.01
    assert len(builds) == 2


@pytest.mark.parametrize("what", ["FULL_DEVICE_NAME", "version"])
def test_another_processor_or_engine_has_a_graph_of_its_own(
    folder, builds, small_model_path, monkeypatch, what
):
    first = paint(small_model_path)
    if what == "version":
        monkeypatch.setattr(graph_cache.ov, "get_version", lambda: "another")
    else:

        class OtherCore(graph_cache.ov.Core):
            def get_property(self, device, name):
                found = super().get_property(device, name)
                return "another" if name == what else found

        monkeypatch.setattr(graph_cache.ov, "Core", OtherCore)
    np.testing.assert_array_equal(paint(small_model_path), first)
    assert len(builds) == len(list(folder.iterdir())) == 2


def _cut(data):
    return data[: len(data) // 2]


def _flip(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [_cut, _flip, lambda data: b"", lambda data: b"no archive"]
)
def test_a_damaged_file_is_made_anew(folder, builds, small_model_path, damage):
    first = paint(small_model_path)
    (kept,) = folder.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    np.testing.assert_array_equal(paint(small_model_path), first)
    np.testing.assert_array_equal(paint(small_model_path), first)
    assert len(builds) == 2
    assert list(folder.iterdir()) == [kept]


def test_a_graph_that_openvino_refuses_is_made_anew(
    folder, builds, small_model_path
):
    first = paint(small_model_path)
    (kept,) = folder.iterdir()
    with np.load(kept) as arrays:
        arrays = {**arrays, "graph": np.arange(100, dtype=np.uint8)}
    np.savez(kept, **arrays)
    np.testing.assert_array_equal(paint(small_model_path), first)
    assert len(builds) == 2


def test_a_folder_that_cannot_be_made_is_no_error(
    tmp_path, monkeypatch, builds, small_model_path
):
    (tmp_path / "file").touch()
    monkeypatch.setattr(
        graph_cache, "cache_folder", lambda: tmp_path / "file" / "cache"
    )
    first = paint(small_model_path)
    np.testing.assert_array_equal(paint(small_model_path), first)
    assert len(builds) == 2


def test_only_the_newest_stay(folder, monkeypatch, small_model_path):
    monkeypatch.setattr(graph_cache, "MAX_GRAPHS", 2)
    for age, name in enumerate(("b.npz", "a.npz")):
        (folder / name).touch()
        os.utime(folder / name, (1e9 - age, 1e9 - age))
    (folder / "other.txt").touch()
    paint(small_model_path)
    names = {path.name for path in folder.iterdir()}
    assert len(names) == 3
    assert {"b.npz", "other.txt"} < names


def test_the_folder_is_the_platform_s(cache_folder):
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert graph_cache.cache_folder() == cache_folder / "multistyle"
