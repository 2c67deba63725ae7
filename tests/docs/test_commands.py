"""Commands and flags that a document names are those that there are."""

import importlib
import re

import pytest
from pages import (
    DOCUMENTS,
    ROOT,
    name_of,
    read_call,
    read_commands,
    read_page_commands,
)

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.main import VERBS
from multistyle.network.models import DEFAULT_MODEL

# Flags of multistyle itself, tensorboard, pip, http.server and Slurm.
OTHER_FLAGS = {"help", "version", "logdir", "no-deps", "directory"}
OTHER_FLAGS |= {"array", "cpus-per-task", "mem", "requeue", "ini"}


def make_flags(verb):
    flags = VerbFlags()
    importlib.import_module(f"multistyle.cli.{verb}").define_flags(flags)
    return flags


def read_calls(path):
    """Returns (verb, arguments) of the calls in blocks and inline code."""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        commands = read_page_commands(path)
        commands += re.findall(r"`((?:multistyle|python) [^`]+)`", text)
    else:
        commands = read_commands(text)
    return [call for call in map(read_call, commands) if call]


CALLS = [
    (name_of(path), *call) for path in DOCUMENTS for call in read_calls(path)
]


@pytest.mark.parametrize(("document", "verb", "arguments"), CALLS)
def test_a_command_is_understood(document, verb, arguments):
    if verb in VERBS:
        make_flags(verb).parse(arguments)
    else:
        assert verb in ("VERB", "--help", "--version")


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_flag_that_is_named_exists(path):
    known = OTHER_FLAGS.union(*map(script_flags, ROOT.glob("benchmarks/*.py")))
    for verb in VERBS:
        text = make_flags(verb).help_text()
        for no, name in re.findall(r"--(\[no\])?(\w+)", text):
            known.update((name, f"no{name}") if no else (name,))
    named = set(re.findall(r"(?<![\w-])--(\w[\w-]*)", path.read_text("utf-8")))
    assert named <= known


def script_flags(path):
    """Returns the names of the flags that a script of argparse's defines."""
    text = path.read_text("utf-8")
    return set(re.findall(r"add_argument\(\s*\"--(\w+)\"", text))


def test_the_commands_of_benchmarks_are_understood():
    commands = [
        match
        for path in DOCUMENTS
        for match in re.findall(
            r"python (benchmarks/\w+\.py)([^`\n]*)", path.read_text("utf-8")
        )
    ]
    assert len(commands) > 4
    for script, arguments in commands:
        named = set(re.findall(r"--(\w+)", arguments))
        assert named <= script_flags(ROOT / script), (script, arguments)


def test_many_commands_are_found():
    assert {document for document, _, _ in CALLS} >= {
        "README.md",
        "data/README.md",
        "recipes/paintings.sh",
    }
    assert {verb for _, verb, _ in CALLS} >= set(VERBS)
    assert len(CALLS) > 60


def test_the_recipe_leads_from_run_to_run_to_the_bundled_model():
    path = ROOT / "recipes" / "paintings.sh"
    made = ["none"]
    for verb, arguments in read_calls(path):
        flags = make_flags(verb)
        flags.parse(arguments)
        assert verb == "train" and flags.init_from == made[-1]
        made.append(flags.run_dir)
    recipe = path.read_text("utf-8")
    (call,) = re.findall(r"^python (.*)$", recipe, re.M)
    script, model, name, _ = call.split()
    assert (ROOT / script).is_file()
    assert (model, name) == (made[-1], DEFAULT_MODEL)
