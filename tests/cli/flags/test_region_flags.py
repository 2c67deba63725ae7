import json

import numpy as np
import pytest

from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image

SIZE = (16, 20)


@pytest.fixture
def folder(photograph_folder, monkeypatch):
    """The current folder: `photographs`, and masks of two halves."""
    folder = photograph_folder.parent
    monkeypatch.chdir(folder)
    left = np.zeros((*SIZE, 3), np.uint8)
    left[:, :10] = 255
    write_image("left.png", left)
    write_image("right.png", 255 - left)
    write_image("a,b.png", left)
    write_image("small.png", left[::2, ::2])
    write_image("wide.png", left[::4])
    return folder


@pytest.fixture
def interpolate(folder, small_model_path, capsys):
    """Returns a function that calls the verb: (code, stdout, stderr)."""

    def call(*argv):
        model = f"--model={small_model_path}"
        code = run_verb("interpolate", ["photographs/a.png", *argv, model])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def paint(interpolate):
    """Returns a function that calls the verb and reads what it painted."""

    def call(*argv):
        code, _, err = interpolate(*argv, "--output=out.png", "--overwrite")
        assert code == 0, err
        return read_image("out.png")

    return call


@pytest.mark.parametrize("mask", ["left.png", "a,b.png"])
def test_white_is_painted_and_black_is_the_photograph(paint, mask):
    photograph = read_image("photographs/a.png")
    painted = paint("--style_weights=great_wave")
    for flags in (
        [f"--mask={mask}", "--style_weights=great_wave"],
        [f"--mask=great_wave:{mask}"],
    ):
        made = paint(*flags)
        np.testing.assert_array_equal(made[:, :10], painted[:, :10])
        np.testing.assert_array_equal(made[:, 10:], photograph[:, 10:])
    half = paint(f"--mask=great_wave:{mask}", "--strength=0.5").astype(int)
    mix = (photograph.astype(int) + painted) / 2
    assert np.abs(half - mix)[:, :10].max() <= 0.5


def test_a_mask_for_each_style(paint, interpolate, small_network):
    flag = "--mask=great_wave:left.png,the_scream:right.png"
    made = paint(flag, "--precision=float32")
    weights = np.zeros((1, *SIZE, 3), np.float32)
    weights[:, :, :10, 1] = weights[:, :, 10:, 2] = 1
    photograph = read_image("photographs/a.png")[None] / np.float32(255)
    expected, _ = small_network.measure(
        {"image": photograph, "style_weights": weights}
    )
    assert np.abs(made / 255 - np.asarray(expected)[0]).max() <= 0.51 / 255
    _, out, _ = interpolate(flag, "--json", "--output=two.png")
    masks = json.loads(out)["mask"]
    assert list(masks) == ["great_wave", "the_scream"]
    assert masks["great_wave"].startswith("left.png@")


def test_a_gradient_and_a_gradient_in_a_mask(paint):
    flag = "--gradient=great_wave>the_scream:vertical"
    painted = paint(flag)
    assert (painted != paint("--gradient=great_wave>the_scream:0")).any()
    made = paint(flag, "--mask=left.png")
    np.testing.assert_array_equal(made[:, :10], painted[:, :10])
    np.testing.assert_array_equal(
        made[:, 10:], read_image("photographs/a.png")[:, 10:]
    )


def test_a_mask_of_another_size_is_resized_with_one_line(interpolate):
    code, out, err = interpolate("--mask=great_wave:small.png")
    assert (code, out) == (0, "a_stylized.png\n")
    assert err.splitlines()[1:] == [
        "The mask `small.png` of 10 x 8 pixels is resized to the picture's "
        "20 x 16 pixels."
    ]
    code, _, err = interpolate("--mask=great_wave:left.png", "--output=b.png")
    assert code == 0 and len(err.splitlines()) == 1


def test_a_mask_of_another_aspect_is_an_error_of_one_line(interpolate, folder):
    code, out, err = interpolate("--mask=great_wave:wide.png")
    assert (code, out) == (1, "")
    assert err.splitlines()[1:] == [
        "Left out: The mask `wide.png` of 20 x 4 pixels has not the aspect of "
        "its picture of 20 x 16 pixels: crop the mask."
    ]
    assert not (folder / "a_stylized.png").exists()


def test_max_size_reduces_the_mask_with_the_photograph(paint):
    made = paint("--mask=great_wave:left.png", "--max_size=10")
    assert made.shape == (8, 10, 3)


def test_a_folder_is_refused_when_the_mask_was_changed(interpolate, folder):
    call = ["photographs/b.jpg", "--mask=great_wave:left.png", "--output=made"]
    assert interpolate(*call)[0] == 0
    assert interpolate(*call)[0] == 0
    write_image("left.png", read_image("right.png"), overwrite=True)
    code, out, err = interpolate(*call)
    assert (code, out) == (2, "")
    assert '`mask` was "left.png@' in err


def test_keep_colors_histogram(paint):
    pictures = [
        paint("--style_weights=great_wave", f"--keep_colors={mode}")
        for mode in ("none", "luminance", "histogram")
    ]
    photograph = read_image("photographs/a.png")
    off = [np.abs(p.mean((0, 1)) - photograph.mean((0, 1))) for p in pictures]
    assert off[2].max() < off[0].max() / 2
    assert (pictures[1] != pictures[2]).any()


NEEDED = (
    "`--mask=FILE` goes with `--style_weights`, `--style_images` or "
    "`--gradient`, or name a style for each: `--mask=A:left.png,B:right.png`."
)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--mask=left.png"], NEEDED),
        (["--mask=left.png", "--sheet"], NEEDED),
        (["--mask=", "--sheet"], NEEDED),
        (
            ["--mask=great_wave:left.png", "--style_weights=great_wave"],
            "`--style_weights` and `--mask` exclude each other: give one.",
        ),
        (
            ["--gradient=great_wave>the_scream:0", "--sheet"],
            "`--sheet` and `--gradient` exclude each other: give one.",
        ),
        (
            ["--gradient=great_wave>the_scream"],
            "A gradient is given as `A>B:horizontal`",
        ),
        (
            ["--gradient=great_wave>the_scream:up"],
            "`up` is not a direction of a gradient",
        ),
        (["--mask=great_wave:no.png"], "`no.png` does not exist."),
        (
            ["--mask=great_wave:left.png,right.png"],
            "A mask for each style is given as `A:left.png,B:right.png`",
        ),
        (
            ["--mask=udnie:left.png"],
            "There is no style `udnie`",
        ),
        (
            [
                "--mask=great_wave:left.png",
                "--output=left.png",
                "--overwrite",
            ],
            "`left.png` is a picture that is to be read",
        ),
        (
            ["--gradient=great_wave>the_scream:0", "--extrapolate"],
            "`--extrapolate` goes with `--style_weights` alone.",
        ),
    ],
)
def test_wrong_use(interpolate, folder, argv, message):
    before = sorted(folder.rglob("*"))
    code, out, err = interpolate(*argv)
    assert (code, out) == (2, "")
    assert f"multistyle interpolate: {message}" in err
    assert sorted(folder.rglob("*")) == before
