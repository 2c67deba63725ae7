"""How much is said, and on which lines."""

import pytest

from multistyle.cli.terminal.voice import (
    clear_line,
    complain,
    renew_line,
    say,
    shows_progress,
    speaking,
)


def test_quiet_leaves_what_goes_wrong(capsys):
    with speaking(is_quiet=True):
        say("helps")
        complain("wrong")
    say("again")
    assert capsys.readouterr() == ("", "wrong\nagain\n")


@pytest.mark.parametrize(
    ("asked_for", "elsewhere", "on_a_terminal"),
    [(None, False, True), (True, True, True), (False, False, False)],
)
def test_progress_is_for_terminals_unless_asked_for(
    asked_for, elsewhere, on_a_terminal, open_terminal
):
    with speaking(shows_progress=asked_for):
        assert shows_progress() == elsewhere
        open_terminal()
        assert shows_progress() == on_a_terminal


def test_quiet_is_without_progress_unless_asked_for(open_terminal):
    open_terminal(6)
    with speaking(is_quiet=True):
        assert not shows_progress()
    with speaking(is_quiet=True, shows_progress=True):
        assert shows_progress()


def test_what_is_said_stands_below_the_open_line(open_terminal):
    terminal = open_terminal(6)
    with speaking():
        renew_line("1 of 9 frames")
        complain("wrong")
        renew_line("2")
    assert terminal.getvalue() == "\r1 of \nwrong\n\r2    \n"


def test_a_line_that_is_cleared_leaves_nothing(open_terminal):
    terminal = open_terminal(6)
    renew_line("ab")
    clear_line()
    clear_line()
    assert terminal.getvalue() == "\rab   \r     \r"
