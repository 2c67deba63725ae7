import json

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.training.material.paintings import Paintings


def paint(path, size=(40, 30)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "red").save(path)
    return path


def test_names_and_titles_come_from_the_files(tmp_path):
    paint(tmp_path / "The Great Wave (1831).png")
    paint(tmp_path / "udnie.png")
    paintings = Paintings(tmp_path)
    assert paintings.style_names == ["The_Great_Wave_1831_", "udnie"]
    assert paintings.credits == {
        "The_Great_Wave_1831_": {"title": "The Great Wave (1831)"},
        "udnie": {"title": "udnie"},
    }


def test_styles_json_credits_by_file_name_stem_or_style_name(tmp_path):
    for name in ("a b.png", "c.png", "d.png"):
        paint(tmp_path / name)
    credits = {
        "a b.png": {"artist": "A", "year": "1900"},
        "c": {"artist": "C", "title": "See"},
        "d": {"licence": "public domain"},
    }
    (tmp_path / "styles.json").write_text(json.dumps(credits))
    assert Paintings(tmp_path).credits == {
        "a_b": {"title": "a b", "artist": "A", "year": "1900"},
        "c": {"title": "See", "artist": "C"},
        "d": {"title": "d", "licence": "public domain"},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not valid JSON"),
        ("[]", "must hold an object"),
        ('{"a": {"painter": "x"}}', "has the field `painter`"),
    ],
)
def test_a_malformed_styles_json_is_named(tmp_path, text, message):
    paint(tmp_path / "a.png")
    (tmp_path / "styles.json").write_text(text)
    with pytest.raises(InputError) as error:
        Paintings(tmp_path)
    assert message in str(error.value)
    assert "styles.json" in str(error.value)


def test_two_files_of_one_name_are_both_named(tmp_path):
    first = paint(tmp_path / "x" / "wave.png")
    second = paint(tmp_path / "y" / "wave.jpg")
    with pytest.raises(InputError) as error:
        Paintings(tmp_path)
    assert str(first) in str(error.value)
    assert str(second) in str(error.value)


def test_an_unreadable_painting_is_left_out_and_named(tmp_path):
    paint(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    paintings = Paintings(tmp_path)
    assert paintings.style_names == ["a"]
    assert len(paintings.unreadable) == 1
    assert "b.png" in paintings.unreadable[0]


def test_no_readable_painting_is_an_error(tmp_path):
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match="None of the 1 style images"):
        Paintings(tmp_path)


def test_the_short_side_becomes_the_style_size(tmp_path):
    paint(tmp_path / "large.png", (400, 300))
    paint(tmp_path / "small.png", (30, 20))
    shapes = [picture.shape for picture in Paintings(tmp_path).read(60)]
    assert shapes == [(60, 80, 3), (60, 90, 3)]
    (picture, *_) = Paintings(tmp_path).read(60)
    assert picture.dtype == np.float32
    np.testing.assert_allclose(picture[0, 0], [1, 0, 0])
