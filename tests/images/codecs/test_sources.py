"""Opening: limits, labels, and what Pillow is left as."""

import io
import struct
import warnings

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs import formats
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import (
    MAX_PIXELS,
    opened,
    read_format,
    warn_of_label,
)
from multistyle.images.codecs.writing import encode_image


def bitmap_header(width, height):
    """Returns 54 bytes that say that they are a bitmap of that size."""
    header = struct.pack("<2sIHHI", b"BM", 54, 0, 0, 54)
    sizes = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)
    return header + sizes


def test_a_decompression_bomb_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.bmp"
    path.write_bytes(bitmap_header(30000, 30000))
    with pytest.raises(InputError) as caught:
        read_image(path)
    assert str(caught.value) == (
        f"`{path}` has more pixels than is safe to open, 900,000,000 of at "
        "most 200,000,000: if you trust it, --max_pixels=900000000."
    )


def test_a_large_scan_is_opened_without_a_word():
    assert 12_000 * 8_400 < MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with opened(bitmap_header(12_000, 8_400)) as image:
            assert image.size == (12_000, 8_400)


@pytest.mark.parametrize("max_pixels", [899_999_999, 900_000_000])
def test_the_limit_can_be_set(max_pixels):
    bomb = bitmap_header(30000, 30000)
    if max_pixels < 900_000_000:
        with pytest.raises(InputError, match="of at most 899,999,999"):
            read_image(bomb, max_pixels=max_pixels)
        return
    with opened(bomb, max_pixels) as image:
        assert image.size == (30000, 30000)


def test_pillow_s_own_limit_stays_what_it_is(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    encoded = encode_image(np.zeros((20, 20, 3), np.uint8), "png")
    assert read_image(encoded).shape == (20, 20, 3)
    with pytest.raises(InputError):
        read_image(b"no picture")
    assert Image.MAX_IMAGE_PIXELS == 100
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(encoded))


@pytest.mark.parametrize(
    ("name", "format", "is_told"),
    [
        ("a.jpg", "png", True),
        ("a.avif", "webp", True),
        ("a.jpg", "jpg", False),
        ("a.jfif", "jpg", False),
        ("a", "png", False),
    ],
)
def test_a_wrong_label_is_told(tmp_path, name, format, is_told):
    path = tmp_path / name
    path.write_bytes(encode_image(np.zeros((9, 9, 3), np.uint8), format))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn_of_label(path)
    told = [str(warning.message) for warning in caught]
    assert {warning.category for warning in caught} <= {InputWarning}
    expected = (
        f"`{path}` holds a {format.upper()} picture, whatever its name says, "
        "and is read as one."
    )
    assert told == [expected] * is_told


def test_several_pictures_in_a_jpeg_are_a_jpeg():
    images = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    buffer = io.BytesIO()
    images[0].save(buffer, "MPO", save_all=True, append_images=images[1:])
    assert read_format(buffer) == "MPO"
    assert formats.suffix_of("MPO") == ".jpg"
    assert np.abs(read_image(buffer).astype(int) - [254, 0, 0]).max() < 3


@pytest.mark.parametrize("kind", [b"ftypavif", b"ftypavis"])
def test_avif_that_this_pillow_cannot_read(tmp_path, monkeypatch, kind):
    # What Pillow 11.2 and earlier say; this one has the library.
    monkeypatch.setattr(formats.features, "modules", {})
    path = tmp_path / "a.avif"
    path.write_bytes(b"\0\0\0 " + kind + b"\0\0\0\0avifmif1")
    with pytest.raises(InputError) as caught:
        read_image(path)
    assert str(caught.value) == (
        f"`{path}` is an AVIF picture, for which this Pillow has no library: "
        'pip install "pillow>=11.3".'
    )
    with pytest.raises(InputError, match=r"`b\.avif` is an AVIF picture"):
        formats.format_of("b.avif")
    (tmp_path / "text.avif").write_bytes(b"I am a text.")
    with pytest.raises(InputError, match=r"`.*text\.avif` is empty, or none"):
        read_image(tmp_path / "text.avif")


def test_a_message_is_one_line(tmp_path):
    path = tmp_path / "a.jpg"
    path.touch()
    with pytest.raises(InputError) as caught, opened(path):
        raise AssertionError("never reached")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be read: two lines"):
        with opened(bitmap_header(9, 9)):
            raise OSError("two\nlines")
