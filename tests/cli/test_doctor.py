"""`multistyle doctor`, as it is typed."""

import json
import os

import pytest

from multistyle.cli.main import main
from multistyle.files.cache import cache_folder
from multistyle.installation import examination
from multistyle.installation.packages import EXTRAS, Needs


@pytest.fixture
def well(monkeypatch):
    """An examination in which packages are well, and nothing is painted."""
    examine = examination.examine_installation

    def examine_quickly():
        return {**examine(paints=False), "self_test": []}

    def read_none():
        return Needs([], {extra: [] for extra in EXTRAS})

    monkeypatch.delenv("MULTISTYLE_VGG16_WEIGHTS", raising=False)
    monkeypatch.setattr(examination, "read_needs", read_none)
    monkeypatch.setattr(examination, "examine_installation", examine_quickly)


def test_it_says_that_all_is_well(well, capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("\n\nAll is well.\n")
    for said in ("multistyle ", "  openvino: ", "cores", *EXTRAS):
        assert said in out
    assert "\x1b" not in out


def test_what_is_broken_comes_with_advice(well, monkeypatch, capsys):
    monkeypatch.setenv("MULTISTYLE_VGG16_WEIGHTS", "/nowhere.h5")
    assert main(["doctor"]) == 1
    *_, what, advice = capsys.readouterr().out.splitlines()
    assert what.startswith("Broken: `/nowhere.h5`")
    assert advice == "  Set the environment variable anew, or take it away."


def test_json_is_one_object(well, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    assert main(["doctor", "--json", "--quiet"]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "theano" in json.loads(captured.out)["broken"][0]["what"]


@pytest.mark.parametrize("as_json", [False, True])
def test_clearing_says_what_went(as_json, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache_folder().mkdir()
    (cache_folder() / "a.npz").write_bytes(bytes(100_000))
    flags = ["--json"] if as_json else []
    assert main(["doctor", "--clear=graphs", *flags]) == 0
    out = capsys.readouterr().out
    folder = str(cache_folder())
    if as_json:
        facts = {"folder": folder, "files": 1, "bytes": 100_000}
        assert json.loads(out) == {"removed": {"graphs": facts}}
    else:
        assert out == f"graphs: removed 1 file, 0.1 MB from {folder}\n"
    assert os.listdir(folder) == []


def test_it_takes_no_argument(capsys):
    assert main(["doctor", "graphs"]) == 2
    assert "`graphs` is not a flag" in capsys.readouterr().err
