import numpy as np

from multistyle.inference.compositions.overview import Overview
from multistyle.inference.stylizer import Stylizer


def test_an_overview_has_rows_of_styles_and_blends(
    stylizer, photograph, contains
):
    photographs = [photograph, photograph[::-1]]
    page = Overview(stylizer).compose_all(photographs)
    blend = "starry_night,great_wave"
    for pixels in photographs:
        assert contains(page, pixels)
        for weights in (*stylizer.style_names, blend):
            assert contains(page, stylizer.stylize(pixels, weights))


def test_of_many_styles_fewer_photographs_are_shown(
    stylizer, photograph, contains
):
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
