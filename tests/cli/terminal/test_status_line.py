import io
import sys

import pytest

from multistyle.cli.terminal.status_line import StatusLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def open_terminal(monkeypatch):
    """Returns a function that gives what a terminal of 20 columns is sent."""

    def open():
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("COLUMNS", "20")
        return stream

    return open


def test_elsewhere_lines_come_now_and_then(capsys):
    line = StatusLine()
    for step in range(1, 5):
        line.show(f"step {step}".strip, is_last=step == 4)
    line.say("done")
    line.end()
    assert capsys.readouterr() == ("", "step 1\nstep 4\ndone\n")


def test_a_line_that_is_not_shown_is_not_made():
    line = StatusLine()
    line.show(lambda: "first")
    line.show(lambda: pytest.fail("It came just now."))


def test_a_terminal_shows_one_line_that_fits(open_terminal):
    terminal = open_terminal()
    line = StatusLine()
    line.show(lambda: "a line of more than twenty columns")
    line.show(lambda: "last", is_last=True)
    line.end()
    expected = "\ra line of more tha" + "n" + "\rlast" + 15 * " " + "\n"
    assert terminal.getvalue() == expected


def test_a_message_stands_below_the_line(open_terminal):
    terminal = open_terminal()
    line = StatusLine()
    line.show(lambda: "so far")
    line.say("message")
    line.say("another")
    shown = "\rso far" + 13 * " "
    assert terminal.getvalue() == f"{shown}\nmessage\nanother\n"
