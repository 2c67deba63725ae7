"""Opening: limits, labels, and what Pillow is left as."""

import io
import os
import struct
import sys
import threading
import warnings

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs import formats
from multistyle.images.codecs.metadata import read_exif
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import (
    MAX_PIXELS,
    load,
    opened,
    read_format,
    warn_of_label,
)
from multistyle.images.codecs.streams import Stream, hold
from multistyle.images.codecs.writing import encode_image

try:
    import pillow_heif
except ImportError:
    pillow_heif = None

needs_heif = pytest.mark.skipif(not pillow_heif, reason="needs pillow-heif")
TURN, MAKE = 0x0112, 0x010F


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
    with opened(bomb, max_pixels=max_pixels) as image:
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


def photograph(path, **options):
    """Writes a picture that Pillow knows the format of; returns its pixels."""
    x = np.linspace(0, 255, 64).astype(np.uint8)
    planes = np.broadcast_arrays(x, x[:48, None], np.uint8(128))
    pixels = np.stack(planes, axis=2)
    Image.fromarray(pixels).save(path, **options)
    return pixels


@needs_heif
@pytest.mark.parametrize("kind", [b"heic", b"mif1"])
def test_a_heic_is_read(tmp_path, kind):
    path = tmp_path / "IMG_1.HEIC"
    pillow_heif.register_heif_opener()
    pixels = photograph(path, quality=95)
    # Some cameras name the family alone.
    encoded = path.read_bytes()
    path.write_bytes(encoded[:8] + kind + encoded[12:])
    assert read_format(path) == "HEIF"
    for source in (path, path.read_bytes()):
        difference = read_image(source).astype(int) - pixels
        assert np.abs(difference).mean() < 3
    with pytest.raises(InputError, match="of at most 100"):
        read_image(path, max_pixels=100)
    path.write_bytes(encoded[: len(encoded) // 2])
    with pytest.raises(InputError, match=r"`.*IMG_1\.HEIC`"):
        read_image(path)


@needs_heif
def test_a_heic_is_upright_in_srgb_and_keeps_its_exif(tmp_path, make_profile):
    path = tmp_path / "IMG_1.HEIC"
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[TURN], exif[MAKE] = 6, "Kamera"
    # Linear light: a half is far lighter in sRGB.
    profile = make_profile(b"RGB ")
    image = Image.new("RGB", (64, 32), (128, 128, 128))
    image.paste((0, 0, 0), (0, 0, 64, 8))
    image.info["exif"] = exif.tobytes()
    image.save(path, icc_profile=profile, quality=100)
    read = read_image(path)
    assert read.shape == (64, 32, 3)
    assert np.abs(read[:, :20].astype(int) - 188).max() < 4
    assert read[:, 28:].max() < 20
    kept = Image.Exif()
    kept.load(read_exif(path, (64, 32)))
    assert (kept[TURN], kept[MAKE]) == (1, "Kamera")


@pytest.mark.parametrize("kind", [b"heic", b"heix", b"mif1"])
def test_a_heic_without_its_package_names_the_extra(
    tmp_path, monkeypatch, kind
):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "IMG_1.HEIC"
    path.write_bytes(b"\0\0\0 ftyp" + kind + b"\0\0\0\0mif1heic")
    with pytest.raises(InputError) as caught:
        read_image(path)
    assert str(caught.value) == (
        f"`{path}` is a HEIC or HEIF picture, which needs another package: "
        'pip install "multistyle[photos]".'
    )
    path.write_bytes(b"I am a text.")
    with pytest.raises(InputError, match=r"is empty, or none of .*WEBP"):
        read_image(path)


def test_what_cannot_be_read_twice_is_held(tmp_path):
    pixels = photograph(tmp_path / "a.png")
    encoded = (tmp_path / "a.png").read_bytes()

    def through_a_pipe():
        reading, writing = os.pipe()
        threading.Thread(target=send, args=(writing,)).start()
        return open(reading, "rb")

    def send(pipe):
        with open(pipe, "wb") as file:
            file.write(encoded)

    with through_a_pipe() as pipe:
        np.testing.assert_array_equal(read_image(pipe), pixels)
    with through_a_pipe() as pipe:
        stream = Stream(pipe, "photograph", pipe.fileno())
    assert read_format(stream) == "PNG"
    np.testing.assert_array_equal(read_image(stream), pixels)
    np.testing.assert_array_equal(read_image(stream), pixels)
    assert hold(tmp_path / "a.png") == tmp_path / "a.png"
    assert hold(tmp_path / "nowhere") == tmp_path / "nowhere"


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_named_pipe_is_a_picture(tmp_path):
    pixels = photograph(tmp_path / "a.png")
    encoded = (tmp_path / "a.png").read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def send(content):
        sender = threading.Thread(target=pipe.write_bytes, args=(content,))
        sender.start()
        return sender

    sender = send(encoded)
    np.testing.assert_array_equal(read_image(pipe), pixels)
    sender.join()
    sender = send(encoded)
    stream = hold(pipe)
    sender.join()
    assert (stream.name, stream.origin) == (str(pipe), str(pipe))
    for _ in range(2):
        np.testing.assert_array_equal(read_image(stream), pixels)
    sender = send(b"")
    with pytest.raises(InputError, match=r"`.*pipe` is empty"):
        read_image(pipe)
    sender.join()


def test_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    pixels = photograph(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image("~/a.png"), pixels)
    with pytest.raises(InputError, match="`~/b.png` does not exist"):
        read_image("~/b.png")


def pages(path, *sizes, **options):
    """Writes a TIFF of pages of noise; returns their pixels."""
    random = np.random.default_rng(4)
    pixels = [random.integers(0, 256, (*size, 3), np.uint8) for size in sizes]
    images = [Image.fromarray(page) for page in pixels]
    images[0].save(path, save_all=True, append_images=images[1:], **options)
    return pixels


@pytest.mark.parametrize("compression", [None, "tiff_adobe_deflate"])
def test_the_largest_page_of_a_tiff_is_read(tmp_path, compression):
    path = tmp_path / "scan.tif"
    made = pages(path, (12, 16), (48, 64), (24, 32), compression=compression)
    with pytest.warns(InputWarning) as caught:
        read = read_image(path)
    np.testing.assert_array_equal(read, made[1])
    assert [str(warning.message) for warning in caught] == [
        f"`{path}` has 3 pages; the largest is read, page 2 of 64 x 48 pixels."
    ]
    with pytest.raises(InputError, match=r"has more pixels .* 3,072 of at"):
        read_image(path, max_pixels=3000)
    pages(path, (48, 64), (48, 64), (12, 16))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_image(path).shape == (48, 64, 3)


def test_the_largest_page_has_its_own_profile(tmp_path, make_profile):
    small = Image.new("RGB", (8, 8), (128, 128, 128))
    large = Image.new("RGB", (16, 16), (128, 128, 128))
    first = {"icc_profile": make_profile(b"RGB "), "dpi": (300, 300)}
    with TiffImagePlugin.AppendingTiffWriter(tmp_path / "a.tif", True) as file:
        small.save(file, "TIFF", **first)
        file.newFrame()
        large.save(file, "TIFF")
    with pytest.warns(InputWarning, match="page 2"):
        assert (read_image(tmp_path / "a.tif") == 128).all()


def test_a_tiff_damaged_behind_its_pages_is_read(tmp_path):
    path = tmp_path / "scan.tif"
    made = pages(path, (48, 64), (12, 16))
    encoded = path.read_bytes()
    # The second directory lies at the end.
    path.write_bytes(encoded[:-100])
    np.testing.assert_array_equal(read_image(path), made[0])


def test_pillow_s_limit_does_not_count_while_pages_are_read(
    tmp_path, monkeypatch
):
    made = pages(tmp_path / "raw.tif", (48, 64), compression=None)
    frames = [Image.new("RGB", (48, 64), color) for color in ("red", "blue")]
    frames[0].save(
        tmp_path / "walk.gif", save_all=True, append_images=frames[1:]
    )
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    np.testing.assert_array_equal(read_image(tmp_path / "raw.tif"), made[0])
    with opened(tmp_path / "walk.gif") as image:
        load(image, frame=1)
        assert image.convert("RGB").getpixel((9, 9)) == (0, 0, 255)
        with pytest.raises(InputError, match="3,072 of at most 3,000"):
            load(image, frame=0, max_pixels=3000)
    assert Image.MAX_IMAGE_PIXELS == 100
