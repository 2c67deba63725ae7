import numpy as np
import pytest

from multistyle.images.tiles import Window, cut, take


@pytest.mark.parametrize(
    ("size", "tile_size"),
    [
        ((64, 100), 32),
        ((63, 101), 32),
        ((5, 9), 4),
        ((40, 40), 43),
        ((1, 1), 4),
    ],
)
def test_windows_cover_the_picture_once(size, tile_size):
    count = np.zeros(size, int)
    for window in cut(size, tile_size):
        window.of(count)[:] += 1
        assert max(window.size) <= tile_size
        assert window.top % 4 == window.left % 4 == 0
    assert (count == 1).all()


def test_a_square_lies_in_the_middle():
    assert Window.square((60, 81)) == Window(0, 60, 10, 70)
    assert Window.square((81, 60)) == Window(10, 70, 0, 60)


def test_windows_are_about_equal():
    sizes = {window.size for window in cut((100, 200), 64)}
    assert sizes <= {(48, 48), (52, 48), (48, 52), (52, 52), (52, 56)} | {
        (48, 56)
    }
    assert len(cut((100, 200), 64)) == 2 * 4


def test_a_margin_ends_at_the_border():
    window = Window(8, 16, 4, 20)
    grown = window.grown(6, (20, 40))
    assert grown == Window(2, 20, 0, 26)
    image = np.arange(20 * 40).reshape(20, 40)
    np.testing.assert_array_equal(
        window.within(grown).of(grown.of(image)), window.of(image)
    )


@pytest.mark.parametrize("window", [(4, 12, 8, 12), (8, 12, 0, 4)])
def test_what_lies_beyond_is_reflected(window):
    window = Window(*window)
    image = np.arange(10 * 11).reshape(10, 11, 1)
    extended = np.pad(image, [(0, 2), (0, 1), (0, 0)], mode="reflect")
    for source in (image, lambda inside: inside.of(image)):
        np.testing.assert_array_equal(
            take(source, window, image.shape[:2]), window.of(extended)
        )


def test_what_is_the_same_everywhere_has_no_window():
    weights = np.array([0.5, 0.5])
    taken = take(lambda window: weights, Window(0, 12, 0, 12), (10, 10))
    np.testing.assert_array_equal(taken, weights)
