import re
import signal

import numpy as np
import pytest
from PIL import Image

from multistyle.cli import optimize as module
from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image


@pytest.fixture
def optimize(tmp_path, monkeypatch, capsys):
    """A function that optimises photo.jpg like wave.png for two steps."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    for name in ("photo.jpg", "wave.png"):
        write_image(name, random.integers(0, 256, (24, 40, 3), np.uint8))

    def call(*flags, photograph="photo.jpg", style_image="wave.png"):
        code = run_verb(
            "optimize",
            [
                photograph,
                f"--style_image={style_image}",
                "--loss_network=pocket",
                "--precision=float32",
                "--steps=2",
                *flags,
            ],
        )
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_a_picture_and_the_same_command_again(optimize):
    code, out, err = optimize()
    assert (code, out) == (0, "photo_wave.jpg\n")
    assert err.startswith("step 2/2  40 x 24  0 s left  total ")
    for term in ("content", "style", "variation"):
        assert f"  {term} " in err
    picture = read_image("photo_wave.jpg")
    assert picture.shape == (24, 40, 3)
    assert np.abs(picture - read_image("photo.jpg").astype(int)).max() > 2

    code, out, err = optimize()
    assert (code, out) == (2, "")
    assert "`photo_wave.jpg` exists already" in err

    code, _, _ = optimize("--overwrite", "--start=noise", "--seed=1")
    assert code == 0
    noise = read_image("photo_wave.jpg")
    assert np.abs(noise - picture.astype(int)).mean() > 20


def test_the_photograph_is_reduced_and_turned(optimize):
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    Image.open("photo.jpg").save("turned.jpg", exif=exif)
    code, out, _ = optimize(
        "--image_size=32", "--output=made/", photograph="turned.jpg"
    )
    assert (code, out) == (0, "made/turned_wave.jpg\n")
    assert read_image("made/turned_wave.jpg").shape == (32, 19, 3)


def test_colours_can_be_kept(optimize):
    grey = np.asarray(Image.open("photo.jpg").convert("L").convert("RGB"))
    write_image("grey.png", grey)
    code, out, _ = optimize("--keep_colors=luminance", photograph="grey.png")
    assert (code, out) == (0, "grey_wave.png\n")
    picture = read_image("grey_wave.png").astype(int)
    assert np.ptp(picture, axis=2).max() <= 1
    assert np.abs(picture - grey).max() > 2


def test_ctrl_c_keeps_the_picture_so_far(optimize, interruptible, monkeypatch):
    long = np.zeros((48, 600, 3), np.uint8)
    write_image("long.png", long)

    class Interrupted(module._Progress):
        def __call__(self, step):
            self.step = step
            if step.number == 3:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(module, "_Progress", Interrupted)
    code, out, err = optimize(
        "--steps=9",
        "--image_size=600",
        "--style_size=48",
        photograph="long.png",
    )
    assert (code, out) == (130, "long_wave.png\n")
    assert err == (
        "Stopped after step 3 of 9; the picture so far is written.\n"
    )
    # The interrupt fell into the first scale, of 212 x 17 pixels.
    picture = read_image("long_wave.png")
    assert picture.shape == (48, 600, 3) and picture.max() > 2


@pytest.mark.parametrize(
    ("flags", "files", "message"),
    [
        ([], {"style_image": ""}, "Give the painting, by --style_image."),
        ([], {"photograph": "gone.jpg"}, "`gone.jpg` does not exist."),
        ([], {"style_image": "gone.jpg"}, "`gone.jpg` does not exist."),
        (["other.jpg"], {}, "Give one photograph; got 2."),
        (["--start=grey"], {}, "one of `photograph`, `noise`, got `grey`"),
        (["--steps=0"], {}, "a whole number of at least 1, got `0`"),
        (["--style_loss_weight=-1"], {}, "must be a number from 0"),
        (["--image_size=20"], {}, "of `20 x 12` pixels is too small"),
        (["--style_size=8"], {}, "of `13 x 8` pixels is too small"),
        (["--output=a.svg"], {}, "`a.svg` names no picture format"),
        (["--output=wave.png", "--overwrite"], {}, "that is to be read"),
        (
            ["--loss_network=vgg16", "--vgg_weights=gone.h5"],
            {},
            "`gone.h5`, from --vgg_weights, is no file",
        ),
    ],
)
def test_wrong_use_is_one_line(optimize, tmp_path, flags, files, message):
    before = sorted(tmp_path.iterdir())
    code, out, err = optimize(*flags, **files)
    assert (code, out) == (2, "")
    assert err.startswith("multistyle optimize: ") and err.count("\n") == 1
    assert message in err
    assert sorted(tmp_path.iterdir()) == before


def test_a_large_picture_is_read_where_it_is_trusted(optimize):
    code, out, err = optimize("--max_pixels=959")
    assert (code, out) == (2, "")
    assert "`photo.jpg` has more pixels than is safe" in err
    (advice,) = re.findall(r"--max_pixels=\d+", err)
    code, out, _ = optimize(advice)
    assert (code, out) == (0, "photo_wave.jpg\n")


def test_the_home_folder_is_that_of_all_paths(optimize, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    code, out, _ = optimize(
        "--output=~/made/",
        photograph="~/photo.jpg",
        style_image="~/wave.png",
    )
    output = tmp_path / "made" / "photo_wave.jpg"
    assert (code, out) == (0, f"{output}\n")
    assert read_image(output).shape == (24, 40, 3)


def test_an_output_is_tried_before_the_work(optimize, monkeypatch):
    def never(self, step):
        raise AssertionError("a step was taken")

    monkeypatch.setattr(module._Progress, "__call__", never)
    code, out, err = optimize("--output=photo.jpg/painted.jpg")
    assert code != 0 and out == ""
    assert err.count("\n") == 1
    assert "`photo.jpg/painted.jpg` cannot be written" in err


def test_a_full_disk_is_one_line(optimize, tmp_path):
    resource = pytest.importorskip("resource")
    kind = resource.RLIMIT_FSIZE
    soft, hard = resource.getrlimit(kind)
    before = sorted(tmp_path.iterdir())
    # The system lets no file grow beyond 100 bytes, as a full disk would not.
    resource.setrlimit(kind, (100, hard))
    try:
        code, out, err = optimize("--output=painted.png")
    finally:
        resource.setrlimit(kind, (soft, hard))
    assert code != 0 and out == ""
    complaint = err.splitlines()[-1]
    assert complaint.startswith("multistyle optimize: `painted.png` cannot be")
    assert "room" in complaint
    assert sorted(tmp_path.iterdir()) == before
