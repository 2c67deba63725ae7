import numpy as np

from multistyle.inference.compositions.look import Look
from multistyle.inference.compositions.sheet import Sheet


def test_a_sheet_holds_the_photograph_and_every_style(
    stylizer, photograph, contains
):
    page = Sheet(stylizer).compose(photograph)
    assert contains(page, photograph)
    for name in stylizer.style_names:
        assert contains(page, stylizer.stylize(photograph, name))


def test_a_sheet_of_a_tiny_photograph_has_room_for_names(stylizer):
    page = Sheet(stylizer).compose(np.zeros((8, 8, 3), np.uint8))
    assert page.shape[1] > 2 * 96


def test_options(stylizer):
    assert Sheet(stylizer, look=Look(max_size=99)).options() == {
        "sheet": True,
        "strength": 1.0,
        "keep_colors": "none",
        "max_size": 99,
    }
