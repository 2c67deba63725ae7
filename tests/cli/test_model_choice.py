import os
import shutil
import time

import pytest

from multistyle.cli.model_choice import choose_model
from multistyle.errors import InputError
from multistyle.network import models


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder; the bundled models are those in `bundled`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(models, "BUNDLED_FOLDER", tmp_path / "bundled")
    return tmp_path


@pytest.fixture
def add_model(folder, small_model_path):
    """Returns a function that puts a model at a path, `age` seconds old."""

    def add(path, age=0):
        path = folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(small_model_path, path)
        moment = time.time() - age
        os.utime(path, (moment, moment))

    return add


@pytest.mark.parametrize(
    ("prefers_run", "line"),
    [
        (False, "Model: `paintings`, which is bundled.\n"),
        (True, f"Model: `{os.path.join('runs', 'b')}`, the newest run.\n"),
    ],
)
def test_bundled_model_or_newest_run(
    add_model, folder, capsys, prefers_run, line
):
    add_model("bundled/paintings.keras")
    add_model("runs/a/model.keras", age=500)
    add_model("runs/b/model.keras", age=100)
    add_model("runs/c/model.keras", age=900)
    path, name = choose_model(None, prefers_run)
    assert path.samefile(models.find_model(name))
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", line)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("bundled/paintings.keras", "paintings"),
        ("runs/a/model.keras", os.path.join("runs", "a")),
    ],
)
@pytest.mark.parametrize("prefers_run", [False, True])
def test_the_one_stands_in_for_the_other(add_model, model, name, prefers_run):
    add_model(model)
    assert choose_model(None, prefers_run)[1] == name


def test_a_named_model(add_model, capsys):
    add_model("runs/a/model.keras")
    add_model("mine.keras")
    assert choose_model("mine.keras")[0].name == "mine.keras"
    assert capsys.readouterr().err == "Model: `mine.keras`.\n"


def test_no_model_at_all(folder):
    with pytest.raises(InputError, match="There is no model yet.*--model"):
        choose_model(None)
