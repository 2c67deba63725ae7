import json

import keras
import pytest

from multistyle.cli import export
from multistyle.cli.main import main
from multistyle.export import parity

SMALL = ((33, 47), (64, 64))
needs_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="needs Keras on TensorFlow"
)


@pytest.fixture(autouse=True)
def small_sizes(monkeypatch):
    monkeypatch.setattr(parity, "SIZES", SMALL)


@needs_tensorflow
def test_export_prints_parity_and_replaces_only_when_told(
    small_model_path, tmp_path, capsys
):
    command = [
        "export",
        f"--model={small_model_path.parent}",
        f"--output={tmp_path / 'served'}",
    ]
    assert main(command) == 0
    first, second, *rows, last = capsys.readouterr().out.splitlines()
    assert first == f"{tmp_path / 'served'}: a SavedModel of 3 styles."
    assert second.startswith("Difference to the Keras network")
    assert [row.split(":")[0].strip() for row in rows] == [
        "33 x 47",
        "64 x 64",
    ]
    assert last.startswith("Time of a picture of 512 x 512: ")

    assert main(command) == 2
    assert "exists already" in capsys.readouterr().err

    assert main([*command, "--overwrite", "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert [style["name"] for style in outcome["styles"]] == [
        "starry_night",
        "great_wave",
        "the_scream",
    ]
    assert outcome["output"] == str(tmp_path / "served")
    assert [row["largest"] < 1e-5 for row in outcome["parity"]] == [True] * 2


def test_a_page_s_export_says_how_to_open_it(
    small_model_path, tmp_path, capsys
):
    page = tmp_path / "my page"
    command = ["export", f"--model={small_model_path}", "--format=web"]
    assert main([*command, f"--output={page}"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == f"{page}: a page of 3 styles."
    assert err.endswith(
        "To open it, run this, and go to http://localhost:8000:\n"
        f'  python -m http.server 8000 --directory "{page}"\n'
    )


@needs_tensorflow
def test_a_difference_is_exit_code_1(
    small_model_path, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(parity, "LIMIT", -1)
    served = tmp_path / "served"
    command = ["export", f"--model={small_model_path}", f"--output={served}"]
    assert main(command) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "allowed is 1/255. Nothing is written." in captured.err
    assert not served.exists()


def test_an_output_that_cannot_be_is_refused_at_once(
    small_model_path, tmp_path, capsys, monkeypatch
):
    def choose_model(spec):
        raise AssertionError("The work has begun.")

    monkeypatch.setattr(export, "choose_model", choose_model)
    (tmp_path / "file").touch()
    for output, reason in (
        (tmp_path / "file" / "served", "served` cannot be written: "),
        (tmp_path, "exists already"),
    ):
        command = [
            "export",
            f"--model={small_model_path}",
            f"--output={output}",
        ]
        assert main(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert reason in line
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "Give the folder to write, by --output."),
        (["--output=a", "b.keras"], "`b.keras` is not a flag"),
        (["--output=a", "--format=onyx"], "one of `saved_model`"),
        (["--output=a", "--size=512"], "leave --size away"),
        (["--output=a", "--model=gone.keras"], "no model file"),
    ],
)
def test_wrong_use(flags, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["export", *flags]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert list(tmp_path.iterdir()) == []
