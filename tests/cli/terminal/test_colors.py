import sys

import pytest

from multistyle.cli.terminal.colors import color


@pytest.mark.parametrize(
    ("variables", "is_colored"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colors_are_for_terminals_that_want_them(
    variables, is_colored, monkeypatch
):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert color("well", "green") == "well"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    expected = "\x1b[32mwell\x1b[0m" if is_colored else "well"
    assert color("well", "green") == expected
