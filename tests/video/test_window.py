import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.window import END, Window


@pytest.fixture
def window():
    try:
        window = Window("test")
    except InputError as error:
        pytest.skip(str(error))
    with window:
        yield window


def test_it_shows_pictures_and_takes_keys(window):
    pixels = np.zeros((20, 30, 3), np.uint8)
    assert window.show(pixels) is None
    assert (window._label.image.width(), window._label.image.height()) == (
        30,
        20,
    )
    for sequence, key in (("<Key-n>", "n"), ("<Escape>", END)):
        window._root.focus_force()
        window._root.event_generate(sequence)
        assert window.show(pixels) == key
        assert window.show(pixels) is None


def test_no_display_is_one_line(monkeypatch):
    tkinter = pytest.importorskip("tkinter")

    def fail():
        raise tkinter.TclError("no display name")

    monkeypatch.setattr(tkinter, "Tk", fail)
    with pytest.raises(
        InputError, match="No window can be shown: no display name."
    ):
        Window("test")
