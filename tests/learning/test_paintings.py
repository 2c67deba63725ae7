import hashlib
import json
import os
import threading

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.learning.paintings import Paintings


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
    with pytest.raises(InputError, match="^`.*b.png` is empty, or none of"):
        Paintings(tmp_path)
    (tmp_path / "c.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match="None of the 2 paintings.*b.png"):
        Paintings(tmp_path)
    with pytest.raises(InputError, match="No painting is given"):
        Paintings([])


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
        paintings = Paintings(spec)
        assert paintings.style_names == ["a"]
        (read,) = paintings.read(30)
        assert read.shape == (30, 40, 3)


def test_a_name_may_be_given(tmp_path):
    mine, yours = paint(tmp_path / "mine.png"), paint(tmp_path / "yours.png")
    paintings = Paintings(f"night:{mine},{yours}")
    assert paintings.style_names == ["night", "yours"]
    assert paintings.credits["night"] == {"title": "mine"}
    assert Paintings([f"a:{mine}", f"b:{mine}"]).style_names == ["a", "b"]
    assert Paintings(mine, name="night").style_names == ["night"]


def test_a_folder_may_be_one_style(tmp_path):
    paint(tmp_path / "works" / "lilies.png", (60, 30))
    paint(tmp_path / "works" / "mill.png", (30, 30))
    paint(tmp_path / "mine.png")
    credits = {
        "lilies": {"artist": "Monet", "year": "1906"},
        "mill": {"artist": "Monet", "year": "1908"},
    }
    (tmp_path / "works" / "styles.json").write_text(json.dumps(credits))
    paintings = Paintings(f"monet:{tmp_path / 'works'},{tmp_path / 'mine.png'}")
    assert paintings.style_names == ["monet", "mine"]
    assert paintings.counts == {"monet": 2, "mine": 1}
    assert paintings.credits["monet"] == {"artist": "Monet"}
    shapes = [work.shape for work in paintings.works("monet")]
    assert shapes == [(30, 60, 3), (30, 30, 3)]
    assert paintings.source("monet") == str(tmp_path / "works" / "lilies.png")
    one, other = (
        hashlib.sha256((tmp_path / "works" / name).read_bytes()).hexdigest()
        for name in ("lilies.png", "mill.png")
    )
    together = hashlib.sha256((one + other).encode()).hexdigest()
    assert paintings.digests["monet"] == together
    with pytest.raises(InputError, match="`monet` has 2 paintings"):
        list(paintings.read(40))


def test_a_name_given_twice_is_one_style_of_two_paintings(tmp_path):
    first, second = paint(tmp_path / "a.png"), paint(tmp_path / "b.png")
    assert Paintings([f"x:{first}", f"x:{second}"]).counts == {"x": 2}
    assert Paintings([first, second], name="x").counts == {"x": 2}


def test_the_same_file_twice_is_one_painting(tmp_path):
    painting = paint(tmp_path / "a.png")
    assert Paintings([tmp_path, painting]).counts == {"a": 1}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("C:\\paintings\\x.jpg", "`C:\\paintings\\x.jpg` matches no picture"),
        ("night:nowhere.jpg", "`nowhere.jpg` matches no picture"),
        ("my night:mine.jpg", "The style name `my night` may hold only"),
        ("https://x.org/y.jpg", "`https://x.org/y.jpg` matches no picture"),
    ],
)
def test_what_is_no_name_or_no_picture_gets_a_line(spec, message):
    with pytest.raises(InputError) as error:
        Paintings(spec)
    assert message in str(error.value)


def test_a_file_whose_name_has_a_colon_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        paint(tmp_path / "a:b.png")
    except OSError:
        pytest.skip("no such name here")
    assert Paintings("a:b.png").style_names == ["a_b"]


def test_paintings_in_memory(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    paintings = Paintings(pixels, name="mine")
    assert paintings.style_names == ["mine"]
    (read,) = paintings.works("mine")
    np.testing.assert_array_equal(read, pixels)
    assert paintings.credits == {"mine": {}}
    image = Image.fromarray(pixels)
    assert Paintings(image, name="mine").digests == paintings.digests
    as_float = Paintings(pixels.astype(np.float32) / 255, name="mine")
    assert as_float.digests == paintings.digests
    turned = Paintings(pixels.reshape(60, 40, 3), name="mine")
    assert turned.digests != paintings.digests
    for unnamed in (pixels, image):
        with pytest.raises(InputError, match="in memory .* give `name`"):
            Paintings(unnamed)
    image.save(tmp_path / "lake.png")
    assert Paintings(Image.open(tmp_path / "lake.png")).style_names == ["lake"]


def test_a_painting_may_come_through_a_pipe(tmp_path):
    fifo = tmp_path / "lake.png"
    try:
        os.mkfifo(fifo)
    except (AttributeError, OSError):
        pytest.skip("no named pipes here")
    data = paint(tmp_path / "file" / "lake.png").read_bytes()
    threading.Thread(target=fifo.write_bytes, args=(data,)).start()
    paintings = Paintings(fifo)
    assert paintings.digests == Paintings(tmp_path / "file").digests
    for _ in range(2):
        (read,) = paintings.works("lake")
        assert read.shape == (30, 40, 3)


@pytest.mark.parametrize(
    ("spec", "kind"), [(None, "NoneType"), (5, "int"), (["a.png", 5], "int")]
)
def test_what_is_no_painting_is_named(tmp_path, monkeypatch, spec, kind):
    monkeypatch.chdir(tmp_path)
    paint(tmp_path / "a.png")
    message = rf"an array \[H, W, 3\]; got a `{kind}`"
    with pytest.raises(InputError, match=message):
        Paintings(spec, name="mine")
