import json

import pytest

from multistyle.installation import examination, self_test
from multistyle.installation.examination import examine_installation
from multistyle.network.models import bundled_models

NOT_BY_PIP = "`multistyle` was not installed by pip."


@pytest.fixture
def broken(monkeypatch):
    """Returns a function that examines all but packages: what is broken."""
    monkeypatch.setattr(examination, "read_needs", lambda: None)

    def examine(*, paints=False):
        report = examine_installation(paints=paints)
        return [fault["what"] for fault in report["broken"]]

    return examine


def test_a_whole_installation_is_well(monkeypatch):
    monkeypatch.delenv("MULTISTYLE_VGG16_WEIGHTS", raising=False)
    report = json.loads(json.dumps(examine_installation()))
    assert report["broken"] == []
    tested = {(o["engine"], o["model"]) for o in report["self_test"]}
    engines = [name for name, version in report["engines"].items() if version]
    assert tested == {(e, m) for e in engines for m in bundled_models()}
    assert report["extras"]["video"]["installed"]


def test_what_pip_did_not_install_is_said(broken):
    assert broken() == [NOT_BY_PIP]


def test_a_path_of_weights_that_is_none_is_broken(
    broken, tmp_path, monkeypatch
):
    path = tmp_path / "none.h5"
    monkeypatch.setenv("MULTISTYLE_VGG16_WEIGHTS", str(path))
    found = broken()
    assert len(found) == 2 and f"`{path}`" in found[0]


def test_a_backend_that_is_not_installed_is_broken(broken, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    assert "compute on `theano`" in broken()[0]


def test_a_cache_that_cannot_be_written_is_broken(
    broken, tmp_path, monkeypatch
):
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert str(tmp_path / "cache") in broken()[0]


def test_an_engine_that_paints_otherwise_is_broken(broken, monkeypatch):
    engines = {"openvino": None, "keras": "3"}
    monkeypatch.setattr(examination, "list_engines", lambda: engines)
    monkeypatch.setattr(self_test, "TOLERANCES", {"float32": -1})
    found = broken(paints=True)
    assert len(found) == 1 + len(bundled_models())
    assert found[-1].startswith("`keras` paints another picture by `paint")


def test_an_engine_that_cannot_paint_is_broken(broken, tmp_path, monkeypatch):
    engines = {"openvino": None, "keras": "3"}
    monkeypatch.setattr(examination, "list_engines", lambda: engines)
    monkeypatch.setattr(self_test, "EXPECTED_FOLDER", tmp_path)
    found = broken(paints=True)
    assert "`keras` cannot paint by `paintings`: " in found[-1]
