"""EXIF data, kept for the picture that is made."""

import io
import struct

import numpy as np
import pytest
from PIL import ExifTags, Image

from multistyle.images.codecs.formats import has_avif
from multistyle.images.codecs.metadata import (
    read_exif,
    read_resolution,
    with_description,
    with_resolution,
)
from multistyle.images.codecs.writing import encode_image

TURN, MAKE, ARTIST, DATE = 0x0112, 0x010F, 0x013B, 0x9003
WIDTH, HEIGHT, NOTE = 0xA002, 0xA003, 0x927C
needs_avif = pytest.mark.skipif(not has_avif(), reason="needs Pillow 11.3")
FORMATS = [
    "jpg",
    "png",
    "webp",
    "tif",
    pytest.param("avif", marks=needs_avif),
]


def camera_exif(orientation=6, note=b""):
    exif = Image.Exif()
    exif[TURN] = orientation
    exif[MAKE] = "Kamera"
    exif[ARTIST] = "J. Vermeer"
    exif[0x011A] = 300.0
    details = {DATE: "2024:05:06 07:08:09", WIDTH: 40, HEIGHT: 24}
    if note:
        details[NOTE] = note
    exif[ExifTags.IFD.Exif] = details
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (52.0, 22.0, 5.5)}
    return exif.tobytes()


def photograph(format, exif, size=(40, 24)):
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, format, exif=exif)
    return buffer.getvalue()


def exif_of(encoded):
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        return image.getexif()


PIL_NAMES = {"jpg": "JPEG", "tif": "TIFF"}


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("read", FORMATS)
def test_it_is_kept_from_format_to_format(read, written, depth):
    name = PIL_NAMES.get(read, read.upper())
    source = photograph(name, camera_exif())
    exif = read_exif(source, (40, 24))
    picture = np.zeros((40, 24, 3), depth)
    kept = exif_of(encode_image(picture, written, exif=exif))
    assert kept[MAKE] == "Kamera"
    assert kept[ARTIST] == "J. Vermeer"
    assert kept[0x011A] == 300
    details = kept.get_ifd(ExifTags.IFD.Exif)
    assert details[DATE] == "2024:05:06 07:08:09"
    assert (details[WIDTH], details[HEIGHT]) == (24, 40)
    assert kept.get_ifd(ExifTags.IFD.GPSInfo)[2] == (52.0, 22.0, 5.5)
    # AVIF and TIFF, as Pillow shows them, leave out what is as usual.
    assert kept.get(TURN, 1) == 1
    with Image.open(
        io.BytesIO(encode_image(picture, written, exif=exif))
    ) as image:
        assert image.size == (24, 40)
        assert np.asarray(image.convert("RGB")).max() <= 2


def test_no_place_in_the_file_that_was_is_kept():
    exif = Image.Exif()
    rules = {1: "R03", 2: b"0100"}
    exif[ExifTags.IFD.Exif] = {
        DATE: "2024:05:06 07:08:09",
        ExifTags.IFD.Interop: rules,
    }
    kept = Image.Exif()
    kept.load(read_exif(photograph("JPEG", exif.tobytes()), (24, 40)))
    assert kept.get_ifd(ExifTags.IFD.Exif) == {DATE: "2024:05:06 07:08:09"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_becomes_1(orientation):
    source = photograph("JPEG", camera_exif(orientation))
    kept = exif_of(
        encode_image(
            np.zeros((9, 9, 3), np.uint8),
            "jpg",
            exif=read_exif(source, (9, 9)),
        )
    )
    assert kept[TURN] == 1


def test_nothing_is_made_of_nothing():
    assert read_exif(photograph("JPEG", b""), (24, 40)) == b""
    assert read_exif(b"no picture", (24, 40)) == b""
    # All that a plain TIFF has are the tags of its pixels.
    assert read_exif(photograph("TIFF", b""), (24, 40)) == b""


def test_broken_data_are_left_out():
    source = photograph("PNG", b"Exif\0\0broken")
    assert read_exif(source, (24, 40)) == b""


def test_the_thumbnail_is_left_out():
    """It shows the photograph, where the picture is painted."""
    thumbnail = photograph("JPEG", b"", size=(16, 16))
    # A directory of the maker's name, and a second with the thumbnail.
    first = struct.pack("<HHHI4sI", 1, MAKE, 2, 4, b"Cam\0", 8 + 18)
    place = 8 + 18 + 30
    second = struct.pack(
        "<HHHIIHHIII", 2, 513, 4, 1, place, 514, 4, 1, len(thumbnail), 0
    )
    block = b"Exif\0\0II*\0\x08\0\0\0" + first + second + thumbnail
    source = photograph("JPEG", block)
    with Image.open(io.BytesIO(source)) as image:
        assert image.getexif().get_ifd(ExifTags.IFD.IFD1)[514] == len(thumbnail)
    exif = read_exif(source, (24, 40))
    assert b"Cam" in exif
    assert b"\xff\xd8" not in exif


def test_a_maker_s_notes_give_way_where_all_is_too_much():
    source = photograph("PNG", camera_exif(note=b"n" * 70_000))
    exif = read_exif(source, (24, 40))
    encoded = encode_image(np.zeros((24, 40, 3), np.uint8), "jpg", exif=exif)
    kept = exif_of(encoded)
    assert kept[MAKE] == "Kamera"
    assert NOTE not in kept.get_ifd(ExifTags.IFD.Exif)
    small = photograph("JPEG", camera_exif(note=b"n" * 7000))
    assert b"n" * 7000 in read_exif(small, (24, 40))


def test_a_tiff_s_own_tags_stay_where_they_are():
    source = photograph("TIFF", camera_exif())
    kept = Image.Exif()
    kept.load(read_exif(source, (24, 40)))
    assert set(kept) == {TURN, MAKE, ARTIST, 0x011A, 0x8769, 0x8825}


def resolved(format, tags, **options):
    """Returns a picture of EXIF data about its resolution."""
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    buffer = io.BytesIO()
    Image.new("RGB", (40, 24)).save(buffer, format, exif=exif, **options)
    return buffer.getvalue()


ACROSS, DOWN, UNIT = 0x011A, 0x011B, 0x0128


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({ACROSS: 300.0, DOWN: 150.0, UNIT: 2}, (300, 150)),
        ({ACROSS: 300.0, DOWN: 150.0}, (300, 150)),
        ({ACROSS: 100.0, DOWN: 50.0, UNIT: 3}, (254, 127)),
        ({ACROSS: 300.0, DOWN: 150.0, UNIT: 1}, None),
        ({ACROSS: 300.0}, None),
        ({ACROSS: 0.0, DOWN: 0.0, UNIT: 2}, None),
        ({ACROSS: 1e9, DOWN: 1e9, UNIT: 2}, None),
        ({ACROSS: 300.0, DOWN: 150.0, UNIT: 2, TURN: 6}, (150, 300)),
        ({}, None),
    ],
)
def test_the_resolution_of_exif_data(tags, expected):
    assert read_resolution(resolved("WEBP", tags)) == expected


def test_the_resolution_of_a_file_s_own():
    tags = {ACROSS: 72.0, DOWN: 72.0, UNIT: 2}
    assert read_resolution(resolved("JPEG", tags, dpi=(300, 150))) == (300, 150)
    assert read_resolution(resolved("JPEG", tags)) == (72, 72)
    assert read_resolution(b"no picture") is None


def test_a_resolution_is_added_to_what_is_there():
    exif = read_exif(photograph("JPEG", camera_exif()), (40, 24))
    kept = Image.Exif()
    kept.load(with_resolution(exif, (600.5, 300)))
    assert (kept[MAKE], kept[ACROSS], kept[DOWN]) == ("Kamera", 600.5, 300)
    assert kept.get_ifd(ExifTags.IFD.Exif)[DATE] == "2024:05:06 07:08:09"
    assert with_resolution(exif, None) == exif
    assert with_resolution(b"", None) == b""


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_tiff_beyond_pillow_s_limit_is_written(monkeypatch, depth):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    exif = read_exif(photograph("JPEG", camera_exif()), (40, 24))
    encoded = encode_image(np.zeros((40, 24, 3), depth), "tif", exif=exif)
    assert Image.MAX_IMAGE_PIXELS == 10
    monkeypatch.undo()
    assert exif_of(encoded)[MAKE] == "Kamera"


def test_a_description_is_added_to_the_photograph_s_own():
    assert with_description(b"abc", None) == b"abc"
    encoded = with_description(b"", "udnie=1")
    data = Image.Exif()
    data.load(encoded)
    assert data[0x010E] == "udnie=1" and data[0x0131] == "multistyle"
    data[ARTIST] = "J. Vermeer"
    again = Image.Exif()
    again.load(with_description(data.tobytes(), "great_wave=1"))
    assert again[0x010E] == "udnie=1; great_wave=1"
    assert again[ARTIST] == "J. Vermeer"
