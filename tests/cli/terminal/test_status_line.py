import pytest

from multistyle.cli.terminal import status_line
from multistyle.cli.terminal.status_line import StatusLine
from multistyle.cli.terminal.voice import speaking


def show_four(line):
    for step in range(1, 5):
        line.show(f"step {step}".strip, is_last=step == 4)
    line.say("done")
    line.end()


def test_elsewhere_the_last_line_alone_comes(capsys):
    show_four(StatusLine())
    assert capsys.readouterr() == ("", "step 4\ndone\n")


def test_elsewhere_lines_come_now_and_then_if_asked_for(capsys):
    with speaking(shows_progress=True):
        show_four(StatusLine())
    assert capsys.readouterr() == ("", "step 1\nstep 4\ndone\n")


def test_quiet_shows_not_even_the_last(capsys):
    with speaking(is_quiet=True):
        show_four(StatusLine())
    assert capsys.readouterr() == ("", "")


def test_elsewhere_pauses_grow_with_the_work(capsys, monkeypatch):
    now = 0.0
    monkeypatch.setattr(status_line.time, "monotonic", lambda: now)
    line = StatusLine()
    with speaking(shows_progress=True):
        for second in range(101):
            now = float(second)
            line.show(str(second).strip)
    shown = [int(text) for text in capsys.readouterr().err.split()]
    assert shown[:22] == [*range(21), 22]  # Below a second no pause is.
    assert shown[-1] - shown[-2] == 5


def test_a_line_that_is_not_shown_is_not_made():
    line = StatusLine()
    with speaking(shows_progress=True):
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
