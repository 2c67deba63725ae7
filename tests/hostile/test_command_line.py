"""Thirty hostile files through the command line, each in its own process."""

import os
import subprocess
import sys

import pytest

from tests.hostile.conftest import shown
from tests.hostile.model_cases import hostile_models, hostile_packs
from tests.hostile.picture_cases import good_pictures, hostile_pictures

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="needs links, pipes and devices"
)
PICTURES = [
    *("cut_1_png", "flipped_2_png", "cut_1_jpg", "cut_2_heic", "noisy_webp"),
    *("lying_16383.jpg", "bomb_pixels.png", "bomb_iCCP.png", "exif_text.jpg"),
    *("profile_gamma.png", "polyglot_postscript.png", "polyglot_pickle.png"),
    *("a\nb.png", "$(touch touched).png", "link_zero.png", "link_circle_1.png"),
]
FILMS = ["flipped_2.mov", "lying_stsz.mp4", "playlist_words.mp4", "link.mp4"]
MODELS = [
    *("slip.keras", "bomb_arrays.keras", "class_lambda.keras", "pickle.keras"),
    *("arrays_nan_row.keras", "arrays_elsewhere.keras"),
]
PACKS = ["fact_4.safetensors", "array_0.safetensors", "deep.safetensors"]
BLEND = ["--style_weights=udnie", "--quiet", "--max_size=32"]


def run(arguments, folder, **options):
    """Runs the command; returns its exit code and the lines that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "multistyle", *arguments],
        capture_output=True,
        cwd=folder,
        timeout=300,
        **options,
    )
    said = done.stderr.decode("utf-8", "backslashreplace")
    return done.returncode, said.splitlines()


def check(folder, path, code, lines):
    """A file is taken, or one line names it; there is nothing new beside it."""
    assert code in (0, 1, 2)
    assert len(lines) == 1 or (code == 0 and not lines)
    for line in lines:
        assert shown(path.name) in line and line.isprintable()
    others = {entry.name for entry in folder.iterdir()}
    assert others <= {path.name, "out.png", "out.mp4", "photo.png"}


def write(cases, name, folder):
    (case,) = (case for case in cases if case.name == name)
    return case.write(folder)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(tmp_path, name):
    path = write(hostile_pictures(), name, tmp_path)
    model = "--model=paintings-fast"
    photograph = f"./{path.name}"
    code, lines = run(
        ["interpolate", photograph, "--output=out.png", model, *BLEND], tmp_path
    )
    check(tmp_path, path, code, lines)
    assert (tmp_path / "out.png").exists() == (code == 0)


@pytest.mark.parametrize("name", FILMS)
def test_films(tmp_path, name):
    pytest.importorskip("av")
    from tests.hostile.film_cases import hostile_films

    path = write(hostile_films(), name, tmp_path)
    code, lines = run(
        ["video", path.name, "--output=out.mp4", *BLEND], tmp_path
    )
    check(tmp_path, path, code, lines)
    assert code == 2 and not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize("name", MODELS)
def test_models(tmp_path, name):
    path = write(hostile_models(), name, tmp_path)
    (tmp_path / "photo.png").write_bytes(good_pictures()["png"])
    arguments = ["interpolate", "photo.png", "--output=out.png", *BLEND]
    code, lines = run([*arguments, f"--model={path.name}"], tmp_path)
    check(tmp_path, path, code, lines)
    assert code == 2 and not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("name", PACKS)
def test_packs(tmp_path, name):
    path = write(hostile_packs(), name, tmp_path)
    code, lines = run(["styles", "list", path.name], tmp_path)
    check(tmp_path, path, code, lines)
    assert code == 2


def test_standard_input_without_end(tmp_path):
    arguments = ["interpolate", "-", "--model=paintings-fast"]
    with open("/dev/zero", "rb") as endless:
        code, lines = run(
            [*arguments, "--output=out.png", *BLEND], tmp_path, stdin=endless
        )
    assert code == 2 and len(lines) == 1
    assert "`<standard input>` gives more than 500 MB" in lines[0]
    assert not list(tmp_path.iterdir())
