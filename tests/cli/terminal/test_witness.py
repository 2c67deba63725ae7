import os
import signal
import subprocess
import sys

import pytest

from multistyle.cli import main as command
from multistyle.cli.terminal.witness import lack_of_memory, witnessed

ENDED = "Ended from outside, as the system does where memory runs out"


def run(code):
    """Runs code in the block of a witness, in a process."""
    program = (
        "import os, signal, sys\n"
        "from multistyle.cli.terminal.witness import witnessed\n"
        "with witnessed(sys.argv[1]):\n"
        f"    {code}\n"
    )

    def end(verb):
        return subprocess.run(
            [sys.executable, "-c", program, verb],
            capture_output=True,
            text=True,
        )

    return end


@pytest.mark.skipif(os.name == "nt", reason="it has other signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT])
def test_who_is_ended_without_a_word_has_one_said(number):
    ended = run(f"os.kill(os.getpid(), {number:d})")("train")
    assert ended.returncode == -number
    assert ended.stderr == (
        f"multistyle train: {ENDED}: make room, and the same command goes on "
        "from the last checkpoint; or start anew with a lower --batch_size or "
        "--image_size.\n"
    )


@pytest.mark.parametrize("code", ["pass", "sys.exit(3)", "raise KeyError(7)"])
def test_who_ends_by_himself_speaks_for_himself(code):
    ended = run(code)("interpolate")
    assert ended.returncode == {"pass": 0, "sys.exit(3)": 3}.get(code, 1)
    assert ENDED not in ended.stderr


def test_what_needs_little_has_no_witness(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    with witnessed("doctor"):
        pass


class ResourceExhaustedError(Exception):
    """As TensorFlow's, by name."""


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ResourceExhaustedError("OOM when allocating tensor"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
    ids=str,
)
def test_errors_of_libraries_that_lack_memory_are_one_line(
    monkeypatch, capsys, error
):
    def fail(flags, arguments):
        raise error

    monkeypatch.setattr("multistyle.cli.video.run", fail)
    assert command.run_verb("video", []) == command.SOME_FAILED
    assert capsys.readouterr().err == (
        "multistyle video: There is not enough memory: give a lower "
        "--max_size.\n"
    )


def test_an_error_in_the_handling_of_another_is_of_memory_too():
    try:
        try:
            raise ResourceExhaustedError("OOM when allocating tensor")
        except ResourceExhaustedError:
            {}[""]
    except KeyError as error:
        assert lack_of_memory(error, "export") == (
            "There is not enough memory: close other programs."
        )


def test_other_errors_are_not_of_memory():
    assert lack_of_memory(RuntimeError("no such kernel"), "video") is None
