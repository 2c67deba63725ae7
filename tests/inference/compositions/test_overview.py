import numpy as np
import pytest

from multistyle.inference.compositions.overview import Overview
from multistyle.inference.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(small_network):
    return Stylizer(small_network)


@pytest.fixture(scope="module")
def photograph():
    random = np.random.default_rng(0)
    return random.integers(0, 256, (96, 128, 3), np.uint8)


def contains(page, picture):
    """Whether a picture stands somewhere on a page, pixel for pixel."""
    height, width = picture.shape[:2]
    corners = np.argwhere((page == picture[0, 0]).all(axis=2))
    return any(
        np.array_equal(page[y : y + height, x : x + width], picture)
        for y, x in corners
    )


def test_an_overview_has_rows_of_styles_and_blends(stylizer, photograph):
    photographs = [photograph, photograph[::-1]]
    page = Overview(stylizer).compose_all(photographs)
    blend = "starry_night,great_wave"
    for pixels in photographs:
        assert contains(page, pixels)
        for weights in (*stylizer.style_names, blend):
            assert contains(page, stylizer.stylize(pixels, weights))


def test_of_many_styles_fewer_photographs_are_shown(stylizer, photograph):
    names = [f"style_{i}" for i in range(40)]
    rows = {
        layer: tuple(np.tile(table[:1], (40, 1)) for table in tables)
        for layer, tables in stylizer.engine.rows.items()
    }
    many = Stylizer(engine=stylizer.engine.with_styles(names, rows))
    photographs = [photograph, photograph[::-1]]
    page = Overview(many).compose_all(photographs)
    assert contains(page, photographs[0])
    assert not contains(page, photographs[1])
