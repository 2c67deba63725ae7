"""What version 0.1 wrote still serves; see `fixtures/version_0_1/README.md`."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import main

FIXTURES = Path(__file__).parent / "fixtures" / "version_0_1"
STYLES = ["great_wave", "starry_night", "the_scream"]
BLEND = "--style_weights=starry_night=0.7,the_scream=0.3"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The files as they were left behind, in the current folder."""
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def assert_alike(path, expected):
    """Says that two pictures differ by 1 of 255 at most."""
    difference = np.abs(read_pixels(path) - read_pixels(expected))
    assert difference.max() <= 1


def read_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_model_paints_the_same(capsys):
    assert main(["styles", "list", "old.keras", "--json"]) == 0
    styles = json.loads(capsys.readouterr().out)["styles"]
    assert [style["name"] for style in styles] == STYLES
    assert styles[1]["artist"] == "Vincent van Gogh"
    photograph = "photographs/photo_3.jpg"
    painting = ["interpolate", photograph, "--model=old.keras", BLEND]
    painting.append("--precision=float32")
    assert main([*painting, "--output=now.png"]) == 0
    assert_alike("now.png", "blend.png")


def test_a_model_paints_the_same_on_keras():
    import multistyle
    from multistyle import Stylizer

    network = multistyle.load_network("old.keras")
    assert network.style_names == STYLES
    assert network.credits["great_wave"]["artist"] == "Katsushika Hokusai"
    painted = Stylizer(network).stylize(
        "photographs/photo_3.jpg", {"starry_night": 0.7, "the_scream": 0.3}
    )
    painted.save("now.png")
    assert_alike("now.png", "blend.png")


def test_a_pack_is_added(capsys):
    adding = ["styles", "add", "old.keras", "udnie.safetensors"]
    assert main([*adding, "--output=more.keras"]) == 0
    painting = ["interpolate", "photographs/photo_3.jpg", "--model=more.keras"]
    painting += ["--style_weights=udnie", "--precision=float32"]
    assert main([*painting, "--output=now.png"]) == 0
    assert_alike("now.png", "udnie.png")
    capsys.readouterr()
    assert main(["styles", "list", "more.keras", "--json"]) == 0
    styles = json.loads(capsys.readouterr().out)["styles"]
    assert {style["name"] for style in styles} == {*STYLES, "udnie"}
    assert styles[-1]["artist"] == "Francis Picabia"


def training():
    """Returns the command of the run that was stopped."""
    options = json.loads(Path("run/options.json").read_text("utf-8"))["options"]
    return [
        "train",
        "--run_dir=run",
        *(
            f"--{name}={value}"
            for name, value in options.items()
            if value not in (None, {}, False)
        ),
    ]


@pytest.mark.usefixtures("eager_steps")
def test_a_stopped_training_goes_on(capsys):
    before = read_lines(Path("run/metrics.jsonl").read_text("utf-8"))
    assert [line["step"] for line in before] == list(range(1, 11))
    assert main(training()) == 0
    assert "Going on from step 10 in `run`." in capsys.readouterr().err
    lines = read_lines(Path("run/metrics.jsonl").read_text("utf-8"))
    assert lines[:10] == before
    assert [line["step"] for line in lines] == list(range(1, 17))
    # Weights, optimizer and batches are those of a run without a stop.
    whole = read_lines(Path("whole_run.jsonl").read_text("utf-8"))
    for line, expected in zip(lines, whole, strict=True):
        assert line["total_loss"] == pytest.approx(
            expected["total_loss"], rel=1e-3
        )
    assert main(["styles", "list", "run", "--json"]) == 0
    styles = json.loads(capsys.readouterr().out.splitlines()[-1])["styles"]
    assert [style["name"] for style in styles] == ["meadow", "river", "storm"]


def test_a_stopped_training_with_other_options_is_refused(capsys):
    assert main([*training(), "--steps=20"]) == 2
    assert "steps was 16, now 20" in capsys.readouterr().err.splitlines()[-1]


def test_a_stopped_folder_goes_on(capsys):
    finished = [Path("painted/day/photo_0.jpg"), Path("painted/photo_1.jpg")]
    before = [path.read_bytes() for path in finished]
    for path in finished:
        os.utime(path, (0, 0))
    painting = ["interpolate", "holiday", "--model=old.keras", "--json"]
    painting += ["--style_weights=great_wave", "--output=painted"]
    assert main(painting) == 0
    records = read_lines(capsys.readouterr().out)
    assert [record["status"] for record in records] == [
        "kept",
        "kept",
        "painted",
    ]
    assert [path.read_bytes() for path in finished] == before
    assert all(path.stat().st_mtime == 0 for path in finished)
    with Image.open("painted/wide.png") as image:
        assert image.size == (480, 360)
    # Version 0.1 had float32 alone, so the rest is painted in it.
    (source,) = Path("holiday").glob("**/wide.*")
    painting = ["interpolate", str(source), "--model=old.keras"]
    painting += ["--style_weights=great_wave", "--precision=float32"]
    assert main([*painting, "--output=alone.png"]) == 0
    np.testing.assert_array_equal(
        read_pixels("painted/wide.png"), read_pixels("alone.png")
    )


def test_a_stopped_folder_with_other_options_is_refused(capsys):
    painting = ["interpolate", "holiday", "--model=old.keras"]
    painting += ["--style_weights=the_scream", "--output=painted"]
    assert main(painting) == 2
    assert "`painted` was begun" in capsys.readouterr().err.splitlines()[-1]
    assert not Path("painted/wide.png").exists()


def read_frames(path):
    import av

    with av.open(str(path)) as film:
        frames = [f.to_ndarray(format="rgb24") for f in film.decode(video=0)]
    return np.stack(frames).astype(int)


def test_a_stopped_film_goes_on(folder, capsys, monkeypatch):
    pytest.importorskip("av")
    from multistyle.video.film_painter import FilmPainter

    manifest = folder / ".painted.mp4.segments" / "manifest.jsonl"
    text = manifest.read_text("utf-8")
    # As JSON writes it: on Windows its backslashes are doubled.
    here = json.dumps(str(folder / "film.mp4"))
    manifest.write_text(text.replace('"FOLDER/film.mp4"', here), "utf-8")
    kept = read_frames(manifest.with_name("00000.nut"))
    painted = []
    paint = FilmPainter.paint

    def count(painter, staged):
        painted.append(staged.frame.index)
        return paint(painter, staged)

    monkeypatch.setattr(FilmPainter, "paint", count)
    video = ["video", "film.mp4", "--model=old.keras", BLEND]
    assert main([*video, "--output=painted.mp4"]) == 0
    assert "Going on after 1 finished segment." in capsys.readouterr().err
    assert painted == list(range(48, 120))
    assert not manifest.parent.exists()
    # It goes on in float32, which version 0.1 had alone.
    assert main([*video, "--output=whole.mp4", "--precision=float32"]) == 0
    found, whole = read_frames("painted.mp4"), read_frames("whole.mp4")
    assert len(found) == len(whole) == 120
    # What was painted stays, what it held is held on, the rest is as ever.
    np.testing.assert_array_equal(found[:48], kept)
    found_steps, steps = (
        np.abs(np.diff(frames, axis=0)).mean((1, 2, 3))
        for frames in (found, whole)
    )
    assert found_steps[47] < 1.2 * steps.max()
    np.testing.assert_array_equal(found[96:], whole[96:])
