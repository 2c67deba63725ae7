"""`multistyle interpolate --style_images`, by a reader of known weights."""

import json

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.inference.stylizer import Stylizer
from multistyle.learning import kept_rows

INSTANT = "--learning=instant"


@pytest.fixture
def folder(photograph_folder, small_reader, tmp_path, monkeypatch):
    """The current folder, of `photographs`, `lake.png` and `mill.png`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    random = np.random.default_rng(1)
    for name, mean in (("lake", (30, 90, 160)), ("mill", (190, 120, 40))):
        strokes = random.normal(mean, 30, (48, 64, 3)).clip(0, 255)
        Image.fromarray(strokes.astype(np.uint8)).save(f"{name}.png")
    return tmp_path


@pytest.fixture
def call(folder, small_model_path, capsys):
    """Returns a function that calls the verb: (code, stdout, stderr)."""

    def call(*argv):
        code = run_verb("interpolate", [*argv, f"--model={small_model_path}"])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def paint(model, weights, *paintings):
    stylizer = Stylizer.load(model).learn(paintings, learning="instant")
    return np.asarray(stylizer.stylize("photographs/a.png", weights))


def test_one_painting_paints_the_photograph_in_it(call, small_model_path):
    code, out, err = call(
        "photographs/a.png", "--style_image=lake.png", INSTANT
    )
    assert (code, out) == (0, "a_lake.png\n")
    assert "Learning `lake`: instant, about 1 s a painting.\n" in err
    assert "comes closer" not in err
    np.testing.assert_array_equal(
        read_image("a_lake.png"), paint(small_model_path, "lake", "lake.png")
    )
    # What was learned is kept, under whichever name.
    code, out, err = call(
        "photographs/a.png", "--style_images=b:lake.png", INSTANT
    )
    assert (code, out) == (0, "a_b.png\n")
    assert "Learning" not in err
    np.testing.assert_array_equal(
        read_image("a_b.png"), read_image("a_lake.png")
    )


def test_weights_without_the_painting_are_noted(call):
    argv = ["photographs/a.png", "--style_images=lake.png", INSTANT]
    note = "`--style_weights` has no weight for `lake`, which is learned"
    code, _, err = call(*argv, "--style_weights=great_wave", "--output=a.png")
    assert code == 0
    assert (
        f'{note} and not painted in: give, for example, "great_wave=0.5,' in err
    )
    assert err.index(note) < err.index("Learning")
    weights = "--style_weights=great_wave=0.9,lake=0.1"
    code, _, err = call(*argv, weights, "--output=b.png")
    assert code == 0
    assert note not in err


def test_it_blends_with_another_and_with_the_model_s_own(
    call, small_model_path
):
    blend = "x=0.5,mill=0.2,great_wave=0.3"
    code, out, _ = call(
        "photographs/a.png",
        "--style_images=x:lake.png,mill.png",
        f"--style_weights={blend}",
        "--output=out.png",
        "--json",
        INSTANT,
    )
    record = json.loads(out)
    assert code == 0
    assert record["style_weights"] == {
        "great_wave": 0.3,
        "x": 0.5,
        "mill": 0.2,
    }
    assert list(record["style_images"]) == ["x", "mill"]
    assert record["learning"] == "instant"
    expected = paint(small_model_path, blend, "x:lake.png", "mill.png")
    np.testing.assert_array_equal(read_image("out.png"), expected)


def test_several_paintings_give_a_picture_each(call, small_model_path):
    code, out, _ = call(
        "photographs/a.png",
        "--style_images=lake.png,mill.png",
        "--output=made/",
        INSTANT,
    )
    assert code == 0
    assert out.split() == ["made/a_lake.png", "made/a_mill.png"]
    np.testing.assert_array_equal(
        read_image("made/a_mill.png"),
        paint(small_model_path, "mill", "mill.png"),
    )


def test_several_photographs_in_several_paintings(call, folder):
    argv = ("photographs", "--output=photographs/made", INSTANT)
    both = (*argv, "--style_images=lake.png,mill.png")
    code, out, _ = call(*both)
    assert code == 0
    assert len(out.split()) == 6
    names = ["a.png", "b.jpg", "sub/c.png"]
    for style in ("lake", "mill"):
        made = folder / "photographs" / "made" / style
        assert all((made / name).is_file() for name in names)
    code, out, err = call(*both)
    assert (code, out) == (0, "")
    assert "6 kept." in err
    # The folder goes on only with what it was begun with.
    Image.open("mill.png").rotate(90).save("mill.png")
    code, out, err = call(*both)
    assert code == 2
    assert "was begun with other options: " in err
    assert "style_images" in err


def test_one_painting_of_a_folder_of_photographs(call):
    code, out, _ = call(
        "photographs", "--style_images=lake.png", "--output=made", INSTANT
    )
    assert code == 0
    assert out.split() == ["made/a.png", "made/b.jpg", "made/sub/c.png"]


@pytest.mark.parametrize(
    ("flag", "size"),
    [
        ("--grid=lake,great_wave,mill,the_scream", 5),
        ("--path=lake>great_wave>mill", 3),
    ],
)
def test_sheets_of_all_kinds_show_them(call, flag, size):
    code, out, _ = call(
        "photographs/a.png",
        "--style_images=lake.png,mill.png",
        flag,
        "--output=sheet.png",
        INSTANT,
    )
    assert (code, out) == (0, "sheet.png\n")


def test_a_mask_says_where_it_is_painted(call):
    Image.new("L", (20, 16), 0).save("mask.png")
    code, _, _ = call(
        "photographs/a.png",
        "--style_images=lake.png",
        "--mask=mask.png",
        "--output=out.png",
        INSTANT,
    )
    assert code == 0
    np.testing.assert_array_equal(
        read_image("out.png"), read_image("photographs/a.png")
    )


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--style_images=nowhere.png"], "`nowhere.png` matches no picture"),
        (["--style_images=great_wave:lake.png"], "`NAME:lake.png`"),
        (
            ["--style_images=lake.png", "--style_weights=laek"],
            "There is no style `laek`; did you mean `lake`?",
        ),
        (
            ["--style_images=lake.png,mill.png", "--output=out.png"],
            "Several paintings need a folder to be painted into",
        ),
        (
            ["--style_images=lake.png", "--output=lake.png", "--overwrite"],
            "`lake.png` is a picture that is to be read",
        ),
        (["--learning=quick"], "`--learning` goes with a painting"),
    ],
)
def test_what_is_wrong_is_found_before_anything_is_learned(
    call, folder, flags, message
):
    code, out, err = call("photographs/a.png", *flags)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[-1]
    assert "Learning" not in err
    assert not (folder / "cache").exists()
