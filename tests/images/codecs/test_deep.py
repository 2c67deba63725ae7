"""Sixteen bits a channel, in and out, beside Pillow's eight."""

import io
import struct
import sys
import warnings

import cv2
import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs import deep
from multistyle.images.codecs.formats import has_avif
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image, write_image

TURN = 0x0112
needs_avif = pytest.mark.skipif(not has_avif(), reason="needs Pillow 11.3")


def encoded_by_cv2(pixels, suffix, *options):
    order = [2, 1, 0, 3][: pixels.shape[2]]
    swapped = np.ascontiguousarray(pixels[..., order])
    return cv2.imencode(suffix, swapped, options)[1].tobytes()


def with_alpha(pixels):
    alpha = np.arange(pixels[..., 0].size, dtype=np.uint16) * 67
    alpha = alpha.reshape(pixels.shape[:2])
    return np.concatenate([pixels, alpha[..., None]], axis=2)


def test_only_sixteen_bits_are_deep(make_png, deep_picture):
    def is_deep(encoded):
        with Image.open(io.BytesIO(encoded)) as image:
            return deep.is_deep(image)

    assert is_deep(make_png(deep_picture, 2))
    assert is_deep(encoded_by_cv2(deep_picture, ".tif"))
    eight = (deep_picture >> 8).astype(np.uint8)
    for format in ("png", "tif", "jpg", "webp", "bmp", "gif"):
        assert not is_deep(encode_image(eight, format))
    assert not deep.is_deep(Image.new("RGB", (4, 4)))
    assert not is_deep(tiff(deep_picture[..., :1], format_of_samples=2))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff"])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_every_bit_comes_back(tmp_path, deep_picture, suffix, has_alpha):
    pixels = with_alpha(deep_picture) if has_alpha else deep_picture
    path = tmp_path / f"a{suffix}"
    write_image(path, pixels)
    read = read_image(path, keep_alpha=True, is_deep=True)
    assert read.dtype == np.uint16
    np.testing.assert_array_equal(read, pixels)
    with Image.open(path) as image:
        upper = np.asarray(image)
    np.testing.assert_array_equal(upper, pixels >> 8)


@pytest.mark.parametrize("options", [(), (cv2.IMWRITE_TIFF_COMPRESSION, 1)])
def test_files_of_others(deep_picture, options):
    encoded = encoded_by_cv2(deep_picture, ".tif", *options)
    read = read_image(encoded, is_deep=True)
    np.testing.assert_array_equal(read, deep_picture)


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_grey(deep_picture, format):
    grey = np.ascontiguousarray(deep_picture[..., 0])
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, format)
    read = read_image(buffer, is_deep=True)
    assert read.dtype == np.uint16
    np.testing.assert_array_equal(read, np.repeat(grey[..., None], 3, axis=2))


def test_grey_with_transparency(make_png, deep_picture):
    pixels = with_alpha(deep_picture)[..., [0, 3]]
    read = read_image(make_png(pixels, 4), keep_alpha=True, is_deep=True)
    np.testing.assert_array_equal(read, pixels[..., [0, 0, 0, 1]])


def test_on_white(make_png):
    pixels = np.array([[[65535, 0, 0, 13107]]])
    read = read_image(make_png(pixels, 6), is_deep=True)
    np.testing.assert_array_equal(read, [[[65535, 52428, 52428]]])


def test_a_colour_that_stands_for_transparent(make_png, deep_picture):
    key = struct.pack(">3H", *map(int, deep_picture[3, 5]))
    encoded = make_png(deep_picture, 2, tRNS=key)
    read = read_image(encoded, keep_alpha=True, is_deep=True)
    clear = (deep_picture == deep_picture[3, 5]).all(axis=2)
    np.testing.assert_array_equal(read[..., 3], np.where(clear, 0, 65535))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_exif_turns_the_picture_upright(
    make_png, deep_picture, orientation, format
):
    exif = Image.Exif()
    exif[TURN] = orientation
    encoded = encode_image(deep_picture, format.lower(), exif=exif.tobytes())
    with Image.open(io.BytesIO(encoded)) as image:
        assert image.getexif()[TURN] == orientation
    read = read_image(encoded, is_deep=True)
    assert read.dtype == np.uint16
    # The eight bits are known to be turned rightly.
    eight = read_image(encoded)
    assert eight.shape == ((24, 40, 3) if orientation < 5 else (40, 24, 3))
    np.testing.assert_array_equal(read >> 8, eight)
    np.testing.assert_array_equal(
        np.sort(read, axis=None), np.sort(deep_picture, axis=None)
    )


def test_grey_is_turned_too(deep_picture):
    exif = Image.Exif()
    exif[TURN] = 6
    for format in ("PNG", "TIFF"):
        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(deep_picture[..., 1])).save(
            buffer, format, exif=exif
        )
        read = read_image(buffer, is_deep=True)
        np.testing.assert_array_equal(
            read[..., 0], np.rot90(deep_picture[..., 1], -1)
        )


def test_a_colour_profile_is_applied(make_png, make_profile):
    import zlib

    pixels = np.full((4, 4, 3), 32768)
    chunk = b"linear\0\0" + zlib.compress(make_profile(b"RGB "))
    read = read_image(make_png(pixels, 2, iCCP=chunk), is_deep=True)
    assert read.dtype == np.uint16
    assert np.abs(read / 65535 - 0.735358).max() < 1e-4


def read_with_warning(encoded, message):
    with pytest.warns(InputWarning, match=message):
        read = read_image(encoded, is_deep=True)
    assert read.dtype == np.uint8
    return read


def test_tables_of_colours_are_left_to_eight_bits(make_png, make_profile):
    import zlib

    profile = make_profile(b"RGB ", more={b"A2B0": b"mft2"}.items())
    chunk = b"tables\0\0" + zlib.compress(profile)
    encoded = make_png(np.full((4, 4, 3), 32768), 2, iCCP=chunk)
    read_with_warning(encoded, "is reduced to 8: its colour profile has tables")


def tiff(pixels, is_planar=False, kind_of_alpha=None, format_of_samples=None):
    """Returns a TIFF of 16 bits a channel, plain, in one strip or in planes."""
    height, width, channels = pixels.shape
    planes = np.moveaxis(pixels, 2, 0) if is_planar else pixels[None]
    strips = [np.ascontiguousarray(plane).tobytes() for plane in planes]
    size = len(strips[0])
    entries = [
        (256, "H", [width]),
        (257, "H", [height]),
        (258, "H", [16] * channels),
        (259, "H", [1]),
        (262, "H", [2 if channels > 1 else 1]),
        (273, "I", [8 + i * size for i in range(len(strips))]),
        (277, "H", [channels]),
        (278, "H", [height]),
        (279, "I", [size] * len(strips)),
        (284, "H", [2 if is_planar else 1]),
    ]
    if kind_of_alpha:
        entries.append((338, "H", [kind_of_alpha]))
    if format_of_samples:
        entries.append((339, "H", [format_of_samples]))
    directory, values = struct.pack("<H", len(entries)), b""
    start = 8 + size * len(strips)
    after = start + 2 + 12 * len(entries) + 4
    for tag, kind, numbers in entries:
        field = struct.pack(f"<{len(numbers)}{kind}", *numbers).ljust(4, b"\0")
        if len(field) > 4:
            values += field
            field = struct.pack("<I", after + len(values) - len(field))
        directory += struct.pack(
            "<HHI", tag, {"H": 3, "I": 4}[kind], len(numbers)
        )
        directory += field
    header = struct.pack("<2sHI", b"II", 42, start)
    return header + b"".join(strips) + directory + bytes(4) + values


def test_a_plain_tiff(deep_picture):
    for kind_of_alpha in (None, 2):
        pixels = with_alpha(deep_picture) if kind_of_alpha else deep_picture
        read = read_image(
            tiff(pixels, kind_of_alpha=kind_of_alpha),
            keep_alpha=True,
            is_deep=True,
        )
        np.testing.assert_array_equal(read, pixels)


def test_what_the_two_decoders_see_otherwise_is_left_to_pillow():
    # Red at half its strength, multiplied by an alpha of a half.
    pixels = np.zeros((4, 4, 4), np.uint16)
    pixels[..., 0], pixels[..., 3] = 16384, 32768
    read = read_with_warning(
        tiff(pixels, kind_of_alpha=1), "it is stored in an unusual way"
    )
    # On white: a quarter of red's light and a half of white's.
    assert np.abs(read[0, 0].astype(int) - [191, 127, 127]).max() <= 1


@pytest.mark.parametrize("is_deep", [False, True])
def test_planes_are_refused(tmp_path, deep_picture, is_deep):
    path = tmp_path / "planes.tif"
    path.write_bytes(tiff(deep_picture, is_planar=True))
    with pytest.raises(InputError) as caught:
        read_image(path, is_deep=is_deep)
    assert str(caught.value) == (
        f"`{path}` has 16 bits a channel, colour by colour: save it pixel by "
        "pixel (interleaved)."
    )


@pytest.fixture
def without_package(monkeypatch):
    # What makes the import fail as if it were not installed.
    monkeypatch.setitem(sys.modules, "cv2", None)


def test_without_the_package_a_picture_is_reduced(
    without_package, tmp_path, make_png, deep_picture
):
    (tmp_path / "scan.png").write_bytes(make_png(deep_picture, 2))
    with pytest.warns(InputWarning) as caught:
        read = read_image(tmp_path / "scan.png", is_deep=True)
    assert [str(warning.message) for warning in caught] == [
        f"`{tmp_path / 'scan.png'}` has 16 bits a channel and is reduced to 8: "
        'more needs pip install "multistyle[deep]".'
    ]
    np.testing.assert_array_equal(read, deep_picture >> 8)


def test_without_the_package_eight_bits_are_written(
    without_package, tmp_path, deep_picture
):
    with pytest.warns(InputWarning, match=r"`<png>` has 16 bits .* reduced"):
        write_image(tmp_path / "a.png", deep_picture)
    np.testing.assert_array_equal(
        read_image(tmp_path / "a.png"), np.rint(deep_picture / 257)
    )


@pytest.mark.parametrize(
    "suffix",
    ["jpg", "webp", "bmp", "gif", pytest.param("avif", marks=needs_avif)],
)
def test_other_formats_hold_eight_bits(deep_picture, suffix):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        encoded = encode_image(deep_picture, suffix)
        read = read_image(encoded, is_deep=True)
    assert read.dtype == np.uint8
    assert np.abs(read - deep_picture / 257).mean() < 10


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_file_cut_short_is_named(tmp_path, suffix):
    random = np.random.default_rng(0)
    noise = random.integers(0, 65536, (64, 64, 3), np.uint16)
    encoded = encoded_by_cv2(noise, suffix)
    path = tmp_path / f"cut{suffix}"
    for size in (len(encoded) // 2, len(encoded) - 500):
        path.write_bytes(encoded[:size])
        with pytest.raises(InputError, match=r"`.*cut\.(png|tif)`"):
            read_image(path, is_deep=True)


def test_the_largest_page_of_a_tiff_keeps_its_bits(tmp_path, deep_picture):
    path = tmp_path / "scan.tif"
    small = deep_picture[::2, ::2]
    pages = [small[..., ::-1], deep_picture[..., ::-1], small[..., ::-1]]
    assert cv2.imwritemulti(str(path), pages)
    with pytest.warns(InputWarning, match="3 pages; the largest is read, pa"):
        read = read_image(path, is_deep=True)
    np.testing.assert_array_equal(read, deep_picture)
