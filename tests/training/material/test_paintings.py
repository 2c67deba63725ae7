import hashlib
import json

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.training.material.paintings import Paintings


def paint(path, size=(40, 30)):
    path.parent.mkdir(parents=True, exist_ok=True)
    painting = Image.new("RGB", size, "red")
    painting.putpixel((size[0] - 1, size[1] - 1), (0, 0, 0))
    painting.save(path)
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


@pytest.mark.parametrize(
    ("painting", "fault"),
    [
        (Image.new("RGB", (1, 1), "red"), "is of one colour"),
        (Image.new("RGB", (80, 60), "white"), "is of one colour"),
        (Image.new("RGBA", (80, 60), (9, 99, 9, 0)), "transparent counts as"),
        (Image.radial_gradient("L").resize((90, 8)), "has only 90 x 8 px"),
    ],
)
def test_a_painting_without_strokes_is_told_of(tmp_path, painting, fault):
    painting.save(tmp_path / "odd.png")
    with pytest.warns(InputWarning) as warned:
        assert Paintings(tmp_path).style_names == ["odd"]
    (warning,) = warned
    assert f"The painting `{tmp_path / 'odd.png'}` " in str(warning.message)
    assert fault in str(warning.message)


def test_a_painting_with_strokes_is_not(tmp_path, recwarn):
    Image.radial_gradient("L").resize((16, 16)).save(tmp_path / "small.png")
    Paintings(tmp_path)
    assert list(recwarn) == []


def test_paintings_are_known_by_their_content(tmp_path):
    first = paint(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(first.read_bytes())
    paint(tmp_path / "c.png", (41, 30))
    digests = Paintings(tmp_path).digests
    assert list(digests) == ["a", "b", "c"]
    assert digests["a"] == digests["b"] != digests["c"]
    assert digests["a"] == hashlib.sha256(first.read_bytes()).hexdigest()


def test_credits_of_an_editor_that_marks_its_encoding_are_read(tmp_path):
    paint(tmp_path / "a.png")
    credits = json.dumps({"a": {"artist": "Ä"}}, ensure_ascii=False)
    (tmp_path / "styles.json").write_text(credits, "utf-8-sig")
    assert Paintings(tmp_path).credits["a"]["artist"] == "Ä"


def test_the_home_folder_may_be_meant(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    paint(tmp_path / "mine" / "a.png")
    for spec in ("~/mine", "~/mine/a.png", "~/mine/*.png", ["~/mine"]):
        assert Paintings(spec).paths == [tmp_path / "mine" / "a.png"]
