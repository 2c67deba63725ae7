"""Pictures by standard input and output."""

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.images.codecs.formats import has_avif
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image

CHECKOUT = Path(__file__).parents[2]
STYLE = "--style_weights=great_wave"
needs_avif = pytest.mark.skipif(not has_avif(), reason="needs Pillow 11.3")


@pytest.fixture
def stream(photograph_folder, monkeypatch, small_model_path, capsysbinary):
    """Returns a function that calls the verb with a file as standard input.

    It returns (code, standard output, standard error), the first in bytes.
    """
    monkeypatch.chdir(photograph_folder.parent)

    def call(*argv, stdin=None):
        with open(stdin or os.devnull, encoding="utf-8") as file:
            monkeypatch.setattr(sys, "stdin", file)
            argv = [*argv, f"--model={small_model_path}"]
            code = run_verb("interpolate", argv)
        captured = capsysbinary.readouterr()
        return code, captured.out, captured.err.decode()

    return call


def format_of(encoded):
    with Image.open(io.BytesIO(encoded)) as image:
        return image.format


def test_a_picture_through_a_real_pipe(stream, small_model_path):
    assert stream("photographs/a.png", STYLE, "--output=out.png")[0] == 0
    done = subprocess.run(
        [
            *(sys.executable, "-m", "multistyle", "interpolate"),
            *("-", STYLE, "--json", f"--model={small_model_path}"),
        ],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        input=Path("photographs/a.png").read_bytes(),
        capture_output=True,
    )
    assert done.returncode == 0
    assert format_of(done.stdout) == "PNG"
    difference = read_image(done.stdout).astype(int) - read_image("out.png")
    assert np.abs(difference).max() <= 1
    record = json.loads(done.stderr.decode().splitlines()[-1])
    assert (record["input"], record["output"]) == ("<standard input>", "-")
    assert record["status"] == "painted"


@pytest.mark.parametrize(
    "format",
    ["jpg", "gif", "tif", "webp", pytest.param("avif", marks=needs_avif)],
)
def test_the_format_is_that_of_what_comes_in(stream, format):
    pixels = read_image("photographs/a.png")
    Path("photo").write_bytes(encode_image(pixels, format))
    code, out, err = stream("-", STYLE, stdin="photo")
    assert code == 0
    assert format_of(out) == format_of(Path("photo").read_bytes())
    assert read_image(out).shape == pixels.shape
    assert "-\n" not in err


@pytest.mark.parametrize(
    ("argv", "format"),
    [
        ([STYLE, "--output_format=webp"], "WEBP"),
        (["--sheet"], "PNG"),
        (["--path=great_wave>the_scream"], "PNG"),
        (["--path=great_wave>the_scream", "--output_format=gif"], "GIF"),
    ],
)
def test_a_file_to_standard_output(stream, argv, format):
    code, out, _ = stream("photographs/b.jpg", "--output=-", *argv)
    assert code == 0
    assert format_of(out) == format
    assert sorted(os.listdir(".")) == ["photographs"]


def test_standard_input_to_a_file_or_a_folder(stream):
    for output, made in (("out.png", "out.png"), ("made/", "made/stdin.jpg")):
        code, out, _ = stream(
            "-", STYLE, f"--output={output}", stdin="photographs/b.jpg"
        )
        assert (code, out.decode()) == (0, f"{Path(made)}\n")
        assert read_image(made).shape == (16, 20, 3)


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_named_pipe_is_read_once(stream, small_model_path):
    encoded = Path("photographs/b.jpg").read_bytes()
    os.mkfifo("pipe")
    for argv, made in (
        ([], "pipe_stylized.jpg"),
        (["--output=made/"], "made/pipe.jpg"),
        (["photographs/a.png", "--output=both/"], "both/pipe.png"),
    ):
        sender = threading.Thread(
            target=Path("pipe").write_bytes, args=(encoded,)
        )
        sender.start()
        assert stream("pipe", STYLE, *argv)[0] == 0
        sender.join()
        assert read_image(made).shape == (16, 20, 3)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_what_is_no_picture_gives_no_byte(stream, content):
    Path("stdin").write_bytes(content)
    code, out, err = stream("-", STYLE, stdin="stdin")
    assert (code, out) == (1, b"")
    assert "Left out: `<standard input>` is empty, or none of" in err


@pytest.mark.parametrize("name", ["photographs/a.png", "link.png"])
def test_the_output_never_lands_on_standard_input(stream, name):
    before = Path("photographs/a.png").read_bytes()
    os.symlink("photographs/a.png", "link.png")
    code, out, err = stream(
        "-",
        STYLE,
        f"--output={name}",
        "--overwrite",
        stdin="photographs/a.png",
    )
    assert (code, out) == (2, b"")
    assert f"`{name}` is a picture that is to be read" in err
    assert Path("photographs/a.png").read_bytes() == before


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["-", "photographs/a.png", STYLE], "`-`, standard input, is one"),
        (
            ["photographs", STYLE, "--output=-"],
            "`--output=-` takes one picture: give one photograph.",
        ),
        (["--output=-"], "`--output=-` takes one picture"),
        (
            ["photographs/a.png", STYLE, "--output_format=png"],
            "`--output_format` goes with `--output=-` alone",
        ),
        (
            ["-", STYLE, "--output_format=mp4"],
            "`--output_format` must be one of `avif`, `bmp`, `gif`",
        ),
    ],
)
def test_wrong_use(stream, argv, message):
    code, out, err = stream(*argv, stdin="photographs/a.png")
    assert (code, out) == (2, b"")
    assert f"multistyle interpolate: {message}" in err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs terminals")
@pytest.mark.parametrize(
    ("which", "argv", "message"),
    [
        ("stdin", ["-", STYLE], "`-` is standard input, which is a terminal"),
        (
            "stdout",
            ["photographs/a.png", STYLE, "--output=-"],
            "`--output=-` is standard output, which is a terminal",
        ),
    ],
)
def test_a_terminal_holds_no_picture(stream, monkeypatch, which, argv, message):
    ends = os.openpty()
    if which == "stdout":
        monkeypatch.setattr(sys, "stdout", os.fdopen(ends[1], "w"))
        code, _, err = stream(*argv)
    else:
        code, _, err = stream(*argv, stdin=os.ttyname(ends[1]))
    assert code == 2
    assert message in err
    assert err.count("\n") <= 2
