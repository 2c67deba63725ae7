import numpy as np
import pytest

from multistyle.evaluation.report.album import Album
from multistyle.images.codecs.reading import read_image


def flat(value):
    return np.full((20, 30, 3), value, np.float32)


def test_pictures_are_found_by_what_they_are():
    album = Album()
    album.add(flat(0.1), "photo.jpg")
    album.add(flat(0.3), style="night")
    album.add(flat(0.5), "photo.jpg", "night")
    album.add(flat(0.7), "photo.jpg", "night", "gatys:50")
    for key, value in (
        (("photo.jpg",), 0.1),
        ((None, "night"), 0.3),
        (("photo.jpg", "night"), 0.5),
        (("photo.jpg", "night", "gatys:50"), 0.7),
    ):
        np.testing.assert_allclose(
            read_image(album.get(*key)) / 255, value, atol=0.01
        )
    assert album.get("photo.jpg", "wave") is None


@pytest.mark.parametrize(
    ("num_photographs", "sizes"),
    [(1, [1]), (6, [6]), (7, [6, 1]), (24, [6] * 4), (25, [6, 6, 1])],
)
def test_sheets_hold_six_photographs_each(num_photographs, sizes):
    album = Album()
    names = [f"{i}.jpg" for i in range(num_photographs)]
    album.add(flat(0.3), style="night")
    for name in names:
        album.add(flat(0.1), name)
        album.add(flat(0.5), name, "night")
        album.add(flat(0.9), name, "wave")
    shown = []
    for (jpeg, columns), size in zip(
        album.sheets(names, ["night", "wave"]), sizes, strict=True
    ):
        assert len(columns) == size
        shown += columns
        height, width, _ = read_image(jpeg).shape
        # The painting's column and the photographs', in cells of 200 px.
        assert width > (1 + size) * 200
        assert height > 3 * 133
    assert shown == names[:: 2 if num_photographs > 24 else 1]


def test_of_many_styles_fewer_photographs_are_shown():
    album = Album()
    names = [f"{i}.jpg" for i in range(13)]
    for name in names:
        album.add(flat(0.1), name)
    styles = [f"style_{i}" for i in range(65)]
    ((_, columns),) = album.sheets(names, styles)
    assert columns == names[::3]
