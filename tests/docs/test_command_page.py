"""The page of all flags is what `--help` prints today."""

import importlib.util
from pathlib import Path

from multistyle.cli.main import VERBS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_what_help_prints():
    spec = importlib.util.spec_from_file_location(
        "command_page", DOCS / "command_page.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = module.PAGE.read_text("utf-8")
    assert text == module.command_page(), "run `python docs/command_page.py`"
    for verb in VERBS:
        assert f"## multistyle {verb}\n" in text
