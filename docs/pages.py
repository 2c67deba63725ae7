"""The documents: which there are, and the blocks and commands in them."""

import itertools
import re
import shlex
from pathlib import Path

from multistyle.cli.main import VERBS

ROOT = Path(__file__).parents[1]
# Those whose commands and code the tests run from top to bottom.
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("[a-z]*/README.md")),
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("recipes/*.sh")),
]
SHELLS = ("sh", "bat", "")


def name_of(path):
    """Returns a document's path in the repository, as text."""
    return path.relative_to(ROOT).as_posix()


def read_blocks(text):
    """Returns (language, content) of each fenced block of Markdown."""
    return re.findall(r"^```(\S*)\n(.*?)^```$", text, re.M | re.S)


def read_commands(text):
    """Returns the commands of shell text, one by one."""
    lines = text.replace("\\\n", " ").splitlines()
    return [
        command.strip()
        for line in lines
        if not line.startswith("#")
        for command in line.split(" && ")
        if command.strip()
    ]


def read_page_commands(path):
    """Returns the commands of all blocks of shell text of a page."""
    return [
        command
        for language, content in read_blocks(path.read_text("utf-8"))
        if language in SHELLS
        for command in read_commands(content)
    ]


def read_call(command):
    """Returns (verb, arguments) of a call of multistyle, or None."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:  # Prose with an apostrophe.
        return None
    # What follows is the shell's.
    words = list(
        itertools.takewhile(lambda word: word not in ("<", ">", "|"), words)
    )
    if len(words) < 2:
        return None
    program, name, *arguments = words
    if program == "multistyle":
        return name, arguments
    script = name.removesuffix(".py")
    if program == "python" and script != name and script in VERBS:
        return script, arguments
    return None
