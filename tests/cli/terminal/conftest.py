"""A terminal that keeps what it is sent."""

import io
import sys

import pytest


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def open_terminal(monkeypatch):
    """Returns a function that gives what a terminal is sent.

    It takes the number of columns.
    """

    def open(columns=20):
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("COLUMNS", str(columns))
        return stream

    return open
