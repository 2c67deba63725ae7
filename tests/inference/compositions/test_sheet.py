import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.inference.compositions import sheet as sheets
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


def test_chosen_styles_stand_in_their_order(stylizer, photograph, contains):
    names = ["the_scream", "starry_night"]
    chosen = Sheet(stylizer, styles=names)
    page = chosen.compose(photograph)
    for name in names:
        assert contains(page, stylizer.stylize(photograph, name))
    assert not contains(page, stylizer.stylize(photograph, "great_wave"))
    assert chosen.options()["styles"] == names
    with pytest.raises(InputError, match="no style `udnie`"):
        Sheet(stylizer, styles=["udnie"])
    with pytest.raises(InputError, match="at least one style"):
        Sheet(stylizer, styles=[])


def test_a_folder_gets_pages(
    stylizer, photograph, photograph_path, contains, monkeypatch, tmp_path
):
    monkeypatch.setattr(sheets, "STYLES_A_PAGE", 2)
    made = Sheet(stylizer)
    paths = [tmp_path / "pages" / f"page_{n}.png" for n in (1, 2)]
    assert made.outputs(tmp_path / "pages") == paths
    made.write(photograph_path, tmp_path / "pages")
    first, second = map(read_image, paths)
    for page, names in (
        (first, ["starry_night", "great_wave"]),
        (second, ["the_scream"]),
    ):
        assert contains(page, photograph)
        for name in stylizer.style_names:
            picture = stylizer.stylize(photograph, name)
            assert contains(page, picture) == (name in names)
    # What is there is kept, the other page, too.
    paths[0].unlink()
    with pytest.raises(InputError, match="page_2.png` exists already"):
        made.write(photograph_path, tmp_path / "pages")
    assert not paths[0].exists()


def test_options(stylizer):
    assert Sheet(stylizer, look=Look(max_size=99)).options() == {
        "sheet": True,
        "strength": 1.0,
        "keep_colors": "none",
        "max_size": 99,
        "strokes": "fitted",
    }
