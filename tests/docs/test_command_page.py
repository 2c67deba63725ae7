"""The page of all flags is what `--help` prints today."""

import command_page

from multistyle.cli.main import VERBS


def test_the_page_is_what_help_prints():
    text = command_page.PAGE.read_text("utf-8")
    assert text == command_page.command_page(), (
        "run `python docs/command_page.py`"
    )
    for verb in VERBS:
        assert f"## multistyle {verb}\n" in text
