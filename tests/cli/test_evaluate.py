import json

import numpy as np
import pytest

from multistyle.cli.main import main
from multistyle.images.codecs.writing import write_image


@pytest.fixture
def data(tmp_path):
    """`photographs/`: one, and a broken one; `paintings/`: two, one known."""
    random = np.random.default_rng(0)
    for name in ("photographs/a", "paintings/great_wave", "paintings/other"):
        pixels = random.integers(0, 256, (48, 56, 3), np.uint8)
        write_image(tmp_path / f"{name}.png", pixels)
    (tmp_path / "photographs" / "broken.jpg").write_bytes(b"")
    return tmp_path


def test_a_report_is_written_once(data, small_model_path, capsys, monkeypatch):
    monkeypatch.chdir(data)
    command = [
        "evaluate",
        f"--model={small_model_path.parent}",
        "--content_images=photographs",
        "--style_images=paintings",
        f"--reference={small_model_path},gatys:1",
        "--num_blend_photographs=0",
        "--loss_network=pocket",
        "--save_pictures=pictures",
    ]
    # One photograph cannot be judged.
    assert main(command) == 1
    captured = capsys.readouterr()
    for kind in ("content", "style", "stylized"):
        (picture,) = (data / "pictures" / kind).iterdir()
        assert picture.name == "00001_a_great_wave.png"
    folder = data / "evaluations" / small_model_path.parent.name
    assert {path.name for path in folder.iterdir()} == {
        "report.html",
        "report.json",
    }
    record = json.loads((folder / "report.json").read_text("utf-8"))
    assert record["photographs"] == ["a.png"]
    assert record["model"] == str(small_model_path.parent)
    assert record["judge"]["loss_network"] == "pocket"
    assert record["blends"]["paths"] == []
    assert record["without_painting"] == ["starry_night", "the_scream"]
    assert "Left out: `photographs/broken.jpg` is empty" in captured.err
    assert "Left out: `other` is no style of the model." in captured.err
    assert "report.html" in captured.err.splitlines()[-1]

    head, *rows = captured.out.splitlines()
    assert head.split("  ")[-1].strip() == "over gatys:1"
    rows = {row.split()[0]: row.split()[1:] for row in rows}
    assert list(rows) == [
        "starry_night",
        "great_wave",
        "the_scream",
        "mean",
        "median",
        "(photograph)",
        "(grey)",
    ]
    summary = record["figures"]["styles"]["great_wave"]
    ratios = record["references"]["ratios"]["gatys:1"]
    assert rows["great_wave"] == [
        *(f"{summary[t]['mean']:.3f}" for t in ("content", "style", "total")),
        "1.000",
        f"{ratios['rows']['great_wave']['total']:.3f}",
    ]
    assert len(rows["the_scream"]) == 1
    assert rows["(photograph)"][0] == "0.000"

    assert main(command) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "report.json` exists already" in captured.err


def test_without_paintings_and_in_place_of_another(
    data, small_model_path, capsys, monkeypatch
):
    monkeypatch.setenv("HOME", str(data))
    monkeypatch.setenv("USERPROFILE", str(data))
    output = data / "out"
    output.mkdir()
    (output / "report.json").write_text("{}")
    (output / "mine.txt").write_text("kept")
    command = [
        "evaluate",
        f"--model={small_model_path}",
        f"--content_images={data / 'photographs' / 'a.png'}",
        "--output=~/out",
        "--loss_network=pocket",
        "--overwrite",
    ]
    assert main(command) == 0
    assert {path.name for path in output.iterdir()} == {
        "mine.txt",
        "report.html",
        "report.json",
    }
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["content"]
    assert len(rows) == 4
    page = (output / "report.html").read_text("utf-8")
    assert "No paintings were given" in page


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "Give the photographs, by --content_images."),
        (["a.jpg"], "`a.jpg` is not a flag"),
        (
            ["--content_images=photographs", "--reference=gatys:5"],
            "--reference needs the paintings, by --style_images.",
        ),
        (
            ["--content_images=photographs", "--save_pictures=pictures"],
            "--save_pictures needs the paintings, by --style_images.",
        ),
        (
            ["--content_images=photographs", "--output=photographs/a.png"],
            "report.json` cannot be written",
        ),
        (
            [
                "--content_images=photographs",
                "--style_images=paintings",
                "--loss_network=pocket",
                "--save_pictures=photographs",
            ],
            "`photographs` exists already",
        ),
        (
            ["--content_images=photographs/a.png", "--max_pixels=9"],
            "if you trust it, --max_pixels=2688",
        ),
        (["--content_images=gone"], "`gone` matches no picture"),
        (
            ["--content_images=photographs/broken.jpg"],
            "None of the 1 photographs of `photographs/broken.jpg` can be",
        ),
        (
            [
                "--content_images=photographs",
                "--style_images=paintings/other.png",
            ],
            "None of the 1 paintings of `paintings/other.png` has the name",
        ),
        (["--content_images=photographs", "--model=gone.keras"], "no model"),
        (
            [
                "--content_images=photographs",
                "--style_images=paintings",
                "--reference=gatys:some",
                "--loss_network=pocket",
            ],
            "`gatys:some` must be gatys:N",
        ),
        (
            [
                "--content_images=photographs",
                "--vgg_weights=photographs/a.png",
            ],
            "`photographs/a.png` does not hold the weights of VGG-16",
        ),
        (["--num_blend_photographs=-1"], "must be a whole number of at least"),
    ],
)
def test_wrong_use_is_one_line(
    flags, message, data, small_model_path, capsys, monkeypatch
):
    monkeypatch.chdir(data)
    if not any(flag.startswith("--model") for flag in flags):
        flags = [f"--model={small_model_path}", *flags]
    assert main(["evaluate", *flags]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    lines = captured.err.splitlines()
    assert [x for x in lines if x.startswith("multistyle evaluate:")] == [
        lines[-1]
    ]
    assert not (data / "evaluations").exists()
