import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.live.screen import END, Screen


@pytest.fixture
def screen():
    try:
        screen = Screen("test")
    except InputError as error:
        pytest.skip(str(error))
    with screen:
        yield screen


def test_it_shows_pictures_and_takes_keys(screen):
    pixels = np.zeros((20, 30, 3), np.uint8)
    assert screen.show(pixels) is None
    assert (screen._picture.width(), screen._picture.height()) == (
        30,
        20,
    )
    assert screen.show(pixels, "25.0 frames a second") is None
    assert screen._caption.cget("text") == "25.0 frames a second"
    for sequence, key in (
        ("<Key-n>", "n"),
        ("<Up>", "up"),
        ("<Left>", "left"),
        ("<Escape>", END),
    ):
        screen._root.focus_force()
        screen._root.event_generate(sequence)
        assert screen.show(pixels) == key
        assert screen.show(pixels) is None


def test_no_display_is_one_line(monkeypatch):
    tkinter = pytest.importorskip("tkinter")

    def fail():
        raise tkinter.TclError("no display name")

    monkeypatch.setattr(tkinter, "Tk", fail)
    with pytest.raises(
        InputError, match="No window can be shown: no display name."
    ):
        Screen("test")
