"""The page's files of pictures, read by Pillow."""

import io
import struct

import numpy as np
import pytest
from PIL import ExifTags, Image

from multistyle.images.codecs.metadata import (
    read_exif,
    read_resolution,
    with_description,
)
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from tests.page.javascript import needs_node, run_javascript
from tests.page.test_regions import soft_mask

pytestmark = needs_node
TEXT = "multistyle --style_weights=größe=0.7,udnie=0.3"


def encode(tmp_path, pixels, *, source=None, **options):
    """Encodes uint8 [H, W, 4], made of a file, in Node: bytes."""
    found = run_javascript(
        tmp_path,
        """
        const { encodePicture } = await engine("codecs/encoding.mjs");
        const { data, width, height, options } = inputs;
        const picture = { data: new Uint8ClampedArray(data), width, height };
        const source = inputs.file && new Blob([inputs.file]);
        const blob = await encodePicture(picture, { ...options, source });
        const file = new Uint8Array(await blob.arrayBuffer());
        return { type: blob.type, data: file };
        """,
        data=pixels,
        height=pixels.shape[0],
        width=pixels.shape[1],
        options=options,
        file=None if source is None else np.frombuffer(source, np.uint8),
    )
    assert found["type"] == options["type"]
    return found["data"].tobytes()


def photograph(height, width, alpha=255):
    rgb = resize(read_image(sample_photographs()[0]), (height, width))
    alpha = np.broadcast_to(np.uint8(alpha), (height, width))
    return np.dstack([rgb, alpha])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (37, 61), (400, 900)])
def test_a_png_holds_each_pixel(tmp_path, height, width):
    pixels = photograph(height, width)
    encoded = encode(tmp_path, pixels, type="image/png")
    with Image.open(io.BytesIO(encoded)) as image:
        assert image.mode == "RGB"
        assert not image.getexif()
        np.testing.assert_array_equal(np.asarray(image), pixels[..., :3])
    # As small as Pillow's, by about.
    assert len(encoded) < 1.1 * len(encode_image(pixels[..., :3], "png")) + 50


def test_a_png_keeps_transparency(tmp_path):
    pixels = photograph(40, 50, soft_mask(40, 50, 1))
    encoded = encode(tmp_path, pixels, type="image/png", text=TEXT)
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        np.testing.assert_array_equal(np.asarray(image), pixels)
        check_text(image)


@pytest.mark.parametrize(("height", "width"), [(8, 16), (5, 3), (123, 250)])
@pytest.mark.parametrize("quality", [0.95, 0.4])
def test_a_jpeg_is_as_good_as_pillow_s(tmp_path, height, width, quality):
    pixels = photograph(height, width)
    encoded = encode(tmp_path, pixels, type="image/jpeg", quality=quality)
    expected = encode_image(
        pixels[..., :3], "jpg", quality=round(100 * quality)
    )
    read, theirs = (
        np.asarray(Image.open(io.BytesIO(data)), float)
        for data in (encoded, expected)
    )

    def error(image):
        return np.sqrt(np.mean((image - pixels[..., :3]) ** 2))

    assert error(read) < 1.05 * error(theirs) + 0.1
    assert len(encoded) < 1.02 * len(expected) + 100
    with Image.open(io.BytesIO(encoded)) as image:
        # Colours at full resolution.
        assert {layer[1:3] for layer in image.layer} == {(1, 1)}


def test_a_jpeg_says_what_made_it(tmp_path):
    pixels = photograph(40, 50, 128)
    encoded = encode(tmp_path, pixels, type="image/jpeg", text=TEXT)
    with Image.open(io.BytesIO(encoded)) as image:
        check_text(image)
        # On white.
        mixed = (pixels[..., :3] * (128 / 255) + 127).mean()
        assert np.asarray(image).mean() == pytest.approx(mixed, abs=1)


def check_text(image):
    exif = image.getexif()
    described = exif[ExifTags.Base.ImageDescription]
    assert described.encode("latin-1").decode("utf-8") == TEXT
    assert exif[ExifTags.Base.Software] == "multistyle"


def test_exif_data_are_those_that_python_writes(tmp_path):
    text = "a=0.7,b=0.3"
    found = run_javascript(
        tmp_path,
        """
        const { makeExif } = await engine("codecs/exif.mjs");
        return makeExif({ text: inputs.text });
        """,
        text=text,
    )
    expected = with_description(b"", text).removeprefix(b"Exif\0\0")
    assert found.tobytes().rstrip(b"\0") == expected.rstrip(b"\0")


def camera_exif(orientation=6, note=b"n" * 50, endian=">"):
    exif = Image.Exif()
    exif.endian = endian
    base = ExifTags.Base
    exif[base.Orientation] = orientation
    exif[base.ImageDescription] = "The harbour "
    exif[base.Make] = "Kamera"
    exif[base.Software] = "1.2"
    exif[base.Copyright] = "J. Vermeer"
    exif[base.XResolution] = exif[base.YResolution] = 300.0
    exif[base.Compression] = 6
    exif[ExifTags.IFD.Exif] = {
        base.DateTimeOriginal: "2024:05:06 07:08:09",
        base.ExposureTime: 0.01,
        base.ISOSpeedRatings: 400,
        base.ExifImageWidth: 4000,
        base.ExifImageHeight: 3000,
        base.MakerNote: note,
        base.UserComment: b"ASCII\0\0\0bright",
        ExifTags.IFD.Interop: {1: "R98", 2: b"0100"},
    }
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (52.0, 22.0, 5.5)}
    return exif.tobytes()


def photograph_file(format, exif, **options):
    buffer = io.BytesIO()
    image = Image.new("RGB", (40, 24), "teal")
    image.save(buffer, format, exif=exif, **options)
    return buffer.getvalue()


def said(encoded):
    """Returns the tags of all directories, the places of these aside."""
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        exif = image.getexif()
        inner = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
        tags = {tag: exif[tag] for tag in exif if tag not in inner}
        return tags, *(dict(exif.get_ifd(each)) for each in inner)


@pytest.mark.parametrize("endian", ["<", ">"])
@pytest.mark.parametrize("read", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("written", ["jpeg", "png"])
def test_it_keeps_what_the_command_line_keeps(tmp_path, read, written, endian):
    source = photograph_file(read, camera_exif(endian=endian))
    encoded = encode(
        tmp_path,
        photograph(40, 24),
        source=source,
        type=f"image/{written}",
        text="udnie=1",
    )
    exif = with_description(read_exif(source, (40, 24)), "udnie=1")
    expected = said(
        encode_image(np.zeros((40, 24, 3), np.uint8), written, exif=exif)
    )
    tags, details, place = said(encoded)
    assert (tags, details, place) == expected
    assert tags[ExifTags.Base.Orientation] == 1
    assert tags[ExifTags.Base.ImageDescription] == "The harbour; udnie=1"
    assert details[ExifTags.Base.ExifImageWidth] == 24
    assert place[2] == (52.0, 22.0, 5.5)


@pytest.mark.parametrize("orientation", [1, 8])
@pytest.mark.parametrize("read", ["JPEG", "PNG"])
@pytest.mark.parametrize("written", ["jpeg", "png"])
def test_pixels_an_inch_are_kept(tmp_path, read, written, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    source = photograph_file(read, exif.tobytes(), dpi=(300, 150))
    encoded = encode(
        tmp_path, photograph(40, 24), source=source, type=f"image/{written}"
    )
    expected = (300, 150) if orientation == 1 else (150, 300)
    assert read_resolution(source) == pytest.approx(expected, abs=0.02)
    assert read_resolution(encoded) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("written", ["jpeg", "png"])
def test_all_but_pixels_an_inch_can_be_left_out(tmp_path, written):
    source = photograph_file("JPEG", camera_exif(orientation=1), dpi=(72, 72))
    encoded = encode(
        tmp_path,
        photograph(40, 24),
        source=source,
        stripMetadata=True,
        type=f"image/{written}",
        text="udnie=1",
    )
    tags, details, place = said(encoded)
    assert tags[ExifTags.Base.ImageDescription] == "udnie=1"
    assert ExifTags.Base.Make not in tags
    assert details == place == {}
    expected = read_resolution(source)
    assert read_resolution(encoded) == pytest.approx(expected, abs=0.02)


def test_a_maker_s_notes_give_way_where_all_is_too_much(tmp_path):
    source = photograph_file("PNG", camera_exif(note=b"n" * 70_000))
    encoded = encode(
        tmp_path, photograph(24, 40), source=source, type="image/jpeg"
    )
    tags, details, place = said(encoded)
    assert tags[ExifTags.Base.Make] == "Kamera" and place
    assert ExifTags.Base.DateTimeOriginal in details
    assert ExifTags.Base.MakerNote not in details


def entries(*fields):
    """A directory at 8 of EXIF data; fields are tag, type, count, value."""
    packed = b"".join(struct.pack("<HHII", *field) for field in fields)
    count = struct.pack("<H", len(fields))
    return b"II*\0\x08\0\0\0" + count + packed + b"\0\0\0\0"


BROKEN = {
    "nothing": b"",
    "no header": b"broken data",
    "a directory outside": b"II*\0\xff\xff\0\0",
    "many entries that are not there": b"II*\0\x08\0\0\0\xff\xff",
    "values outside": entries((0x010F, 2, 1 << 30, 20)),
    "an unknown type": entries((0x010F, 99, 1, 0)),
    "a directory in itself": entries((0x8769, 4, 1, 8)),
    "4 GB in one": entries((0x010F, 12, 0xFFFFFFFF, 8)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_data_are_left_out(tmp_path, name):
    data = b"Exif\0\0" + BROKEN[name]
    segment = b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data
    plain = photograph_file("JPEG", b"")
    encoded = encode(
        tmp_path,
        photograph(24, 40),
        source=plain[:2] + segment + plain[2:],
        type="image/jpeg",
        text=TEXT,
    )
    with Image.open(io.BytesIO(encoded)) as image:
        check_text(image)
        assert ExifTags.Base.Make not in image.getexif()


@pytest.mark.parametrize("length", [0, 1, 3, 12, 30, 100])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_that_ends_early_says_nothing(tmp_path, format, length):
    options = {} if format == "GIF" else {"exif": camera_exif()}
    buffer = io.BytesIO()
    Image.new("RGB", (40, 24)).save(buffer, format, **options)
    encoded = encode(
        tmp_path,
        photograph(8, 8),
        source=buffer.getvalue()[:length],
        type="image/png",
    )
    with Image.open(io.BytesIO(encoded)) as image:
        assert not image.getexif()


def test_other_formats_are_refused(tmp_path):
    found = run_javascript(
        tmp_path,
        """
        const { encodePicture } = await engine("codecs/encoding.mjs");
        const picture = { data: new Uint8ClampedArray(4), width: 1, height: 1 };
        return encodePicture(picture, { type: "image/gif" }).catch(
          (error) => error.message);
        """,
    )
    assert found == "A picture is saved as PNG or JPEG; got `image/gif`."
