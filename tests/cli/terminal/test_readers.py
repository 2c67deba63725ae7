import io
import os
import subprocess
import sys

import pytest
from PIL import Image

from multistyle.cli.main import VERBS
from multistyle.cli.terminal.readers import reader_left

COMMAND = [sys.executable, "-m", "multistyle"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Pipes are others.")


def end_unread(*argv, stream="stdout"):
    """Runs a command, one of whose streams nobody reads; code, other stream."""
    reader, writer = os.pipe()
    os.close(reader)
    other = "stderr" if stream == "stdout" else "stdout"
    try:
        done = subprocess.run(
            [*COMMAND, *argv],
            **{stream: writer, other: subprocess.PIPE},
            timeout=120,
        )
    finally:
        os.close(writer)
    return done.returncode, getattr(done, other)


@pytest.mark.parametrize("verb", VERBS)
def test_help_that_nobody_reads_ends_without_a_word(verb):
    assert end_unread(verb, "--help") == (141, b"")


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["models"]])
def test_what_nobody_reads_ends_without_a_word(argv):
    assert end_unread(*argv) == (141, b"")


def test_so_does_a_complaint():
    assert end_unread("trian", stream="stderr") == (141, b"")
    assert end_unread("train", "--stps=3", stream="stderr") == (141, b"")


def test_the_rest_of_a_folder_is_left_when_the_reader_leaves(tmp_path):

    (tmp_path / "in").mkdir()
    for number in range(4):
        Image.new("RGB", (16, 16), "red").save(tmp_path / f"in/{number}.png")
    code, said = end_unread(
        "interpolate",
        str(tmp_path / "in"),
        "--style_weights=udnie",
        "--model=paintings-fast",
        f"--output={tmp_path / 'out'}",
        "--quiet",
    )
    assert (code, said) == (141, b"")
    # Each is named when it is whole, and the first could not be named.
    assert [p.name for p in tmp_path.glob("out/*.png")] == ["0.png"]


@pytest.mark.skipif(
    not os.path.exists("/dev/full"), reason="The system has no full device."
)
def test_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "--version"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert done.stderr == (
        b"What is printed cannot be written: No space left on device.\n"
    )


def test_a_pipe_of_another_kind_is_no_reader(monkeypatch):
    with open(os.devnull, "w") as nowhere:
        for stream in (nowhere, io.StringIO()):
            monkeypatch.setattr(sys, "stdout", stream)
            monkeypatch.setattr(sys, "stderr", stream)
            assert not reader_left(BrokenPipeError(32, "Broken pipe"))


def test_only_a_broken_pipe_says_that_a_reader_left(monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert reader_left(BrokenPipeError(32, "Broken pipe"))
        assert not reader_left(OSError(28, "No space left on device"))
