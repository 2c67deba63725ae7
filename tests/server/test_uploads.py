import io

import numpy as np
import pytest
from PIL import Image

from multistyle.server.limits import Limits
from multistyle.server.uploads import read_name


@pytest.mark.parametrize(
    ("quoted", "name"),
    [
        ("my%20photo.jpg", "my photo.jpg"),
        ("%C3%BCber.png", "über.png"),
        ("../../etc/passwd", "passwd"),
        ("C:%5Cphotos%5Ca.jpg", "a.jpg"),
        ("night:*[a].jpg", "night_a_.jpg"),
        ("in_%2504d.png", "in__04d.png"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".jpg", "x" * 76 + ".jpg"),
    ],
)
def test_a_name_is_a_name_alone(quoted, name):
    assert read_name(quoted) == name


def test_a_picture_is_measured_upright(visit, pixels, encode):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encode(pixels, "JPEG", exif=exif)
    upload = visit().upload("picture", turned, "my%20photo.jpg")
    assert (upload["width"], upload["height"]) == (48, 64)
    assert upload["name"] == "my photo.jpg" and upload["bytes"] == len(turned)


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("picture", b"", "`a.png` is empty"),
        ("picture", b"no picture", "`a.png` is empty, or none of BMP"),
        ("mask", b"\x89PNG\r\n\x1a\n damaged", "`a.png`"),
        ("film", b"#EXTM3U\nhttp://example.com/a.ts\n", "no film that can be"),
        ("film", b"ffconcat version 1.0\nfile /etc/passwd\n", "no film that"),
        ("film", b"no film", "`a.png` is no film that can be read here"),
        ("dance", b"x", "An upload is one of picture, painting"),
    ],
)
def test_what_cannot_be_read_is_refused(visit, kind, data, sentence):
    visitor = visit()
    answer = visitor.refusal(
        400,
        "POST",
        f"/api/uploads?kind={kind}",
        content=data,
        headers={"X-File-Name": "a.png"},
    )
    assert sentence in answer and "multistyle-" not in answer
    assert visitor.client.get("/api/info").json()["uploads"] == []


def test_a_picture_cut_short_is_refused(visit, png):
    visitor = visit()
    cut = png[: len(png) // 2]
    assert "`photo.png`" in visitor.refusal(
        400,
        "POST",
        "/api/uploads?kind=picture",
        content=cut,
        headers={"X-File-Name": "photo.png"},
    )


def test_what_is_refused_is_not_kept(start, shelf, png, tmp_path, monkeypatch):
    import multistyle.server.uploads as uploads

    kept = []
    real = uploads.shutil.rmtree
    monkeypatch.setattr(
        uploads.shutil,
        "rmtree",
        lambda path, **options: (kept.append(path), real(path, **options)),
    )
    visitor = start()()
    visitor.refusal(400, "POST", "/api/uploads?kind=picture", content=b"no")
    (folder,) = kept
    assert not folder.exists()
    upload = visitor.upload("picture", png)
    visitor.client.delete(f"/api/uploads/{upload['id']}")
    assert len(kept) == 2 and not kept[1].exists()


def test_a_decompression_bomb_is_refused_before_it_is_decoded(visit):
    buffer = io.BytesIO()
    zeros = np.zeros((9000, 9000), np.uint8)
    Image.fromarray(zeros).convert("1").save(buffer, "PNG")
    assert len(buffer.getvalue()) < 100_000
    assert "81.0 million" in visit().refusal(
        413, "POST", "/api/uploads?kind=picture", content=buffer.getvalue()
    )


def test_the_frames_of_a_moving_picture_count_together(start, pixels):
    frames = [Image.fromarray(np.roll(pixels, n, 1)) for n in range(4)]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=100
    )
    visit = start(Limits(pixels=10_000))
    assert "The picture moves: 4 frames of 64 x 48 pixels" in visit().refusal(
        413, "POST", "/api/uploads?kind=picture", content=buffer.getvalue()
    )
