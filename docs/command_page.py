"""Writes docs/commands.md anew from the help of each verb.

python docs/command_page.py
"""

import contextlib
import io
from pathlib import Path

from multistyle.cli.main import VERBS, main

PAGE = Path(__file__).parent / "commands.md"
TITLE = """# All flags

What `--help` prints. This page is written by `python docs/command_page.py`.
"""


def capture(*arguments):
    """Returns what a command prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main(list(arguments))
    return printed.getvalue()


def command_page():
    """Returns the whole page, with a section for each verb."""
    sections = [TITLE, f"## multistyle\n\n```text\n{capture('--help')}```\n"]
    for verb in VERBS:
        text = capture(verb, "--help")
        sections.append(f"## multistyle {verb}\n\n```text\n{text}```\n")
    return "\n".join(sections)


if __name__ == "__main__":
    PAGE.write_text(command_page(), "utf-8")
