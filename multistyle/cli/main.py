"""The command `multistyle`: finds the verb and runs its module alone."""

import difflib
import importlib
import logging
import os
import sys
import warnings
from collections.abc import Sequence

import multistyle
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.backend import silence_keras
from multistyle.cli.terminal.exit_codes import (
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    WRONG_USE,
)
from multistyle.cli.terminal.readers import ending_with_its_reader, reader_left
from multistyle.cli.terminal.stops import stops_as_interrupts
from multistyle.cli.terminal.voice import complain, speaking
from multistyle.cli.terminal.witness import lack_of_memory, witnessed
from multistyle.errors import InputError, InputWarning

VERBS = (
    "train",
    "interpolate",
    "video",
    "optimize",
    "evaluate",
    "export",
    "styles",
    "models",
    "app",
    "doctor",
)


@ending_with_its_reader
def main(argv: Sequence[str] | None = None) -> int:
    """Runs `multistyle VERB ...`.

    Args:
        argv: list of str, without the program's name; None is the process's.

    Returns:
        int, the exit code, see `run_verb`.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    first = argv[0] if argv else "--help"
    if first in VERBS:
        return run_verb(first, argv[1:])
    if first in ("--help", "-help", "-h"):
        print(_help_text(), end="")
        return DONE if argv else WRONG_USE
    if first == "--version":
        print(f"multistyle {multistyle.__version__}")
        return DONE
    near = difflib.get_close_matches(first, VERBS, n=1)
    advice = f"did you mean `{near[0]}`?" if near else "see `--help`."
    _complain("multistyle", f"There is no verb `{first}`: {advice}")
    return WRONG_USE


@ending_with_its_reader
def run_verb(name: str, argv: list[str]) -> int:
    """Runs one verb; its module is the only one that is imported.

    Args:
        name: str, one of `VERBS`.
        argv: list of str, the verb's flags and arguments.

    Returns:
        int, the exit code: what the verb returns, 2 after one line on
        standard error for wrong use, 1 where the system refuses a file or
        memory, 130 after an interrupt, or when the system asks it to end,
        141 where nobody reads any more what is printed.
    """
    program = f"multistyle {name}"
    silence_keras()
    # What TensorFlow notes later.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for stream in (sys.stdout, sys.stderr):
        # A style's name must not fail on a terminal that lacks a letter.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with warnings.catch_warnings(), stops_as_interrupts():
        _show_input_warnings(program)
        return _run_verb(name, program, argv)


def _run_verb(name, program, argv):
    try:
        verb = _module(name)
        flags = VerbFlags(verb.USAGE, verb.SUMMARY, verb.EXAMPLES)
        verb.define_flags(flags)
        arguments = flags.parse(argv)
        if flags.help:
            print(flags.help_text(), end="")
            return DONE
        with (
            witnessed(name),
            speaking(is_quiet=bool(flags.quiet), shows_progress=flags.progress),
        ):
            return verb.run(flags, arguments)
    except InputError as error:
        _complain(program, error)
        return WRONG_USE
    except OSError as error:
        if reader_left(error):
            raise
        known = error.strerror and error.filename
        reason = f"`{error.filename}`: {error.strerror}." if known else error
        _complain(program, reason)
        return SOME_FAILED
    except KeyboardInterrupt:
        _complain(program, "Interrupted.")
        return INTERRUPTED
    except Exception as error:
        message = lack_of_memory(error, name)
        if message is None:
            raise
        _complain(program, message)
        return SOME_FAILED


def _show_input_warnings(program):
    """Makes one line of what `InputWarning` says; Pillow's own words stay."""
    show = warnings.showwarning

    def show_line(message, category, *details):
        if issubclass(category, InputWarning):
            _complain(program, message)
        else:
            show(message, category, *details)

    warnings.filterwarnings("ignore", module=r"PIL\b")
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    warnings.simplefilter("always", InputWarning)
    warnings.showwarning = show_line


def _module(name):
    return importlib.import_module(f"multistyle.cli.{name}")


def _help_text():
    lines = [
        "Usage: multistyle VERB [flags]",
        "",
        "One network paints many styles, and blends them.",
        "",
        "Verbs:",
        *(f"  {name:<13}{_module(name).SUMMARY}" for name in VERBS),
        "",
        "`multistyle VERB --help` shows a verb's flags and an example;",
        "`multistyle --version` the version.",
    ]
    return "\n".join(lines) + "\n"


def _complain(program, message):
    complain(f"{program}: {message}")
