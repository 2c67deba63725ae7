import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

import multistyle
from multistyle.cli import main as command
from multistyle.cli.main import VERBS, main, run_verb
from multistyle.errors import InputError, InputWarning

CHECKOUT = Path(__file__).parents[2]
# Runs the command, then prints which of the slow packages were imported.
SPY = """
import sys
from multistyle.cli.main import main
code = main(sys.argv[1:])
slow = {"keras", "tensorflow", "jax", "torch"} & set(sys.modules)
verbs = sorted(
    name for name in sys.modules
    if name.startswith("multistyle.cli.") and hasattr(sys.modules[name], "run")
)
print("exit", code, "slow", sorted(slow), "verbs", *verbs)
"""


class Verb:
    """A verb whose run does what the test says."""

    SUMMARY = "Does it."
    USAGE = "multistyle train"
    EXAMPLES = ""

    def __init__(self, run):
        self._run = run

    def define_flags(self, flags):
        flags.integer("steps", "How many.")

    def run(self, flags, arguments):
        return self._run(flags, arguments)


@pytest.fixture
def train_as(monkeypatch):
    """Puts a function in place of the verb `train`."""

    def replace(run):
        monkeypatch.setattr(command, "_module", lambda name: Verb(run))

    return replace


def spy(*argv):
    done = subprocess.run(
        [sys.executable, "-c", SPY, *argv],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    return done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_imports_nothing_slow_and_no_other_verb(verb):
    output = spy(verb, "--help")
    assert output.startswith(f"Usage: multistyle {verb}")
    assert "\nExample:\n" in output
    assert output.endswith(f"exit 0 slow [] verbs multistyle.cli.{verb}\n")
    assert max(map(len, output.splitlines())) <= 80


def test_help_of_the_command_imports_nothing_slow():
    output = spy("--help")
    for verb in VERBS:
        assert f"\n  {verb} " in output
    assert "exit 0 slow []" in output


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"multistyle {multistyle.__version__}\n"


def test_no_verb_shows_the_help_and_is_wrong_use(capsys):
    assert main([]) == 2
    assert "Usage: multistyle VERB" in capsys.readouterr().out


def test_an_unknown_verb_suggests_the_nearest(capsys):
    assert main(["trian"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "multistyle: There is no verb `trian`: did you mean `train`?\n"
    )


def test_an_unknown_flag_is_one_line_and_exit_code_2(capsys, train_as):
    train_as(lambda flags, arguments: 0)
    assert main(["train", "--stps=3"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "multistyle train: There is no flag `--stps`: did you mean `--steps`?\n"
    )


@pytest.mark.parametrize("code", [0, 1])
def test_the_verb_gets_its_flags_and_decides_the_code(train_as, code):
    seen = {}

    def run(flags, arguments):
        seen.update(flags.given(), arguments=arguments)
        return code

    train_as(run)
    assert run_verb("train", ["a", "--steps=3"]) == code
    assert seen == {"steps": 3, "arguments": ["a"]}


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (InputError("`--steps` is wrong."), 2, "`--steps` is wrong."),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (
            PermissionError(13, "Permission denied", "out.png"),
            1,
            "`out.png`: Permission denied.",
        ),
    ],
)
def test_an_error_is_one_line(capsys, train_as, error, code, line):
    def run(flags, arguments):
        raise error

    train_as(run)
    assert run_verb("train", []) == code
    assert capsys.readouterr().err == f"multistyle train: {line}\n"


def test_an_interrupt_while_a_verb_is_imported(capsys, monkeypatch):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_module", interrupted)
    assert run_verb("train", []) == 130
    assert capsys.readouterr().err == "multistyle train: Interrupted.\n"


@pytest.mark.skipif(os.name == "nt", reason="it kills itself")
def test_what_the_system_ends_cleans_up(capsys, train_as):
    cleaned = []

    def run(flags, arguments):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        finally:
            cleaned.append(True)

    train_as(run)
    assert run_verb("train", []) == 130 and cleaned == [True]
    assert capsys.readouterr().err == "multistyle train: Interrupted.\n"


def test_a_warning_about_input_is_a_line_each_time(capsys, train_as):
    def run(flags, arguments):
        for _ in range(2):
            warnings.warn("`a.png` is odd.", InputWarning, stacklevel=1)
        warnings.warn_explicit(
            "Corrupt EXIF data.", UserWarning, "x.py", 1, "PIL.TiffImagePlugin"
        )
        return 0

    train_as(run)
    assert run_verb("train", []) == 0
    assert capsys.readouterr().err == (
        "multistyle train: `a.png` is odd.\n" * 2
    )


def test_other_warnings_and_other_programs_keep_theirs(train_as):
    def run(flags, arguments):
        warnings.warn("soon to go", DeprecationWarning, stacklevel=1)
        return 0

    train_as(run)
    with pytest.warns(DeprecationWarning, match="soon to go"):
        run_verb("train", [])
    with pytest.warns(InputWarning, match="odd"):
        warnings.warn("`a.png` is odd.", InputWarning, stacklevel=1)


def test_a_bug_keeps_its_traceback(train_as):
    def run(flags, arguments):
        raise ValueError("a bug")

    train_as(run)
    with pytest.raises(ValueError, match="a bug"):
        run_verb("train", [])


@pytest.mark.parametrize(
    ("command_line", "usage"),
    [
        (["-m", "multistyle", "train", "--help"], "multistyle train"),
        (["train.py", "--help"], "multistyle train"),
        (["interpolate.py", "--help"], "multistyle interpolate"),
    ],
)
def test_every_way_in(command_line, usage):
    done = subprocess.run(
        [sys.executable, *command_line],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    assert done.stdout.startswith(f"Usage: {usage}")
