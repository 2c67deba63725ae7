"""Every kind of pixel a file may hold, written here and read as sRGB."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image

RED, HALF_RED, CLEAR = (255, 0, 0, 255), (255, 0, 0, 128), (0, 255, 0, 0)


def saved(image, format, **options):
    """Returns the bytes of a PIL image in a format."""
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def test_grey():
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    expected = np.repeat(grey[..., None], 3, axis=2)
    np.testing.assert_array_equal(
        read_image(saved(Image.fromarray(grey), "PNG")), expected
    )


def test_one_bit():
    bits = np.eye(5, dtype=bool)
    read = read_image(saved(Image.fromarray(bits), "PNG"))
    np.testing.assert_array_equal(
        read, np.repeat(bits[..., None] * np.uint8(255), 3, axis=2)
    )


@pytest.mark.parametrize("format", ["PNG", "TIFF", "PGM"])
def test_sixteen_bit_grey_is_scaled_not_clipped(format):
    values = np.array([[0, 128, 129, 257, 32768, 65278, 65535]], np.uint16)
    if format == "PGM":
        encoded = b"P5 7 1 65535\n" + values.astype(">u2").tobytes()
    else:
        encoded = saved(Image.fromarray(values), format)
    read = read_image(encoded)
    np.testing.assert_array_equal(read[0, :, 0], [0, 0, 1, 1, 128, 254, 255])
    assert np.ptp(read, axis=2).max() == 0


def test_grey_that_counts_from_white_to_black():
    values = np.array([[0, 65535, 65278]], np.uint16)
    encoded = saved(Image.fromarray(values), "TIFF", tiffinfo={262: 0})
    with Image.open(io.BytesIO(encoded)) as image:
        assert image.tag_v2[262] == 0
        written = np.asarray(image)
    read = read_image(encoded)
    np.testing.assert_array_equal(
        read[0, :, 0], np.rint((65535 - written[0].astype(int)) / 257)
    )


def test_sixteen_bit_colour(make_png):
    pixels = np.array([[[65535, 0, 32896], [257, 25700, 65535]]])
    read = read_image(make_png(pixels, color_type=2))
    np.testing.assert_array_equal(read, [[[255, 0, 128], [1, 100, 255]]])


def test_sixteen_bit_colour_with_transparency(make_png):
    pixels = np.array([[[65535, 0, 0, 65535], [65535, 0, 0, 0]]])
    read = read_image(make_png(pixels, color_type=6), keep_alpha=True)
    np.testing.assert_array_equal(read, [[[255, 0, 0, 255], [255, 0, 0, 0]]])


def test_sixteen_bit_grey_with_transparency_on_white(make_png):
    pixels = np.array([[[0, 65535], [0, 0]]])
    read = read_image(make_png(pixels, color_type=4))
    np.testing.assert_array_equal(read, [[[0] * 3, [255] * 3]])


@pytest.mark.parametrize(
    "pixels", [np.array([[0, 70000]], np.int32), np.ones((2, 2), np.float32)]
)
def test_deeper_pixels_are_refused(tmp_path, pixels):
    path = tmp_path / "deep.tif"
    Image.fromarray(pixels).save(path)
    with pytest.raises(InputError, match=r"`.*deep\.tif` has .*8 or 16 bit"):
        read_image(path)


def transparent_rgba():
    return Image.fromarray(np.array([[RED, HALF_RED, CLEAR]], np.uint8))


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_transparency_is_kept_or_laid_on_white(format):
    options = {"lossless": True, "exact": True} if format == "WEBP" else {}
    encoded = saved(transparent_rgba(), format, **options)
    np.testing.assert_array_equal(
        read_image(encoded, keep_alpha=True), [[RED, HALF_RED, CLEAR]]
    )
    np.testing.assert_array_equal(
        read_image(encoded), [[[255, 0, 0], [255, 127, 127], [255] * 3]]
    )


def test_laying_on_white_rounds():
    # (10 * 100 + 255 * 155) / 255 is 158.9.
    image = Image.new("RGBA", (1, 1), (10, 10, 10, 100))
    assert (read_image(saved(image, "PNG")) == 159).all()


def test_grey_with_transparency():
    image = Image.fromarray(np.array([[[0, 255], [0, 51]]], np.uint8), "LA")
    encoded = saved(image, "PNG")
    np.testing.assert_array_equal(
        read_image(encoded, keep_alpha=True), [[[0, 0, 0, 255], [0, 0, 0, 51]]]
    )
    np.testing.assert_array_equal(read_image(encoded), [[[0] * 3, [204] * 3]])


def palette_image():
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 0, 255, 9, 9, 9])
    image.putdata([0, 1, 2])
    return image


def test_palette():
    np.testing.assert_array_equal(
        read_image(saved(palette_image(), "PNG")),
        [[[255, 0, 0], [0, 0, 255], [9, 9, 9]]],
    )


@pytest.mark.parametrize(
    ("format", "transparency", "alpha"),
    [("PNG", b"\xff\x80\x00", [255, 128, 0]), ("GIF", 1, [255, 0, 255])],
)
def test_palette_with_transparency(format, transparency, alpha):
    encoded = saved(palette_image(), format, transparency=transparency)
    read = read_image(encoded, keep_alpha=True)
    np.testing.assert_array_equal(read[0, :, 3], alpha)
    np.testing.assert_array_equal(read[0, 0], RED)
    clear = alpha.index(0)
    np.testing.assert_array_equal(read_image(encoded)[0, clear], [255] * 3)


@pytest.mark.parametrize(
    ("mode", "color", "key"), [("L", 7, 7), ("RGB", (7, 8, 9), (7, 8, 9))]
)
def test_one_colour_that_stands_for_transparent(mode, color, key):
    image = Image.new(mode, (2, 1), color)
    image.putpixel((1, 0), 0 if mode == "L" else (0, 0, 0))
    encoded = saved(image, "PNG", transparency=key)
    np.testing.assert_array_equal(read_image(encoded), [[[255] * 3, [0, 0, 0]]])


def test_no_transparency_gives_three_channels():
    encoded = saved(Image.new("RGB", (2, 2)), "PNG")
    assert read_image(encoded, keep_alpha=True).shape == (2, 2, 3)


CMYK = {
    (0, 0, 0, 0): (255, 255, 255),
    (0, 255, 255, 0): (255, 0, 0),
    (255, 0, 0, 0): (0, 255, 255),
    (0, 0, 0, 255): (0, 0, 0),
}


@pytest.mark.parametrize(("inks", "rgb"), CMYK.items())
def test_cmyk(inks, rgb):
    image = Image.new("CMYK", (16, 16), inks)
    jpeg = saved(image, "JPEG", quality=100)
    # Adobe's marker: such files hold the inks inverted.
    assert b"Adobe" in jpeg[:64]
    for encoded in (jpeg, saved(image, "TIFF")):
        read = read_image(encoded).astype(int)
        assert np.abs(read - rgb).max() <= 2


# Half of the light is 188 of 255 in sRGB.
@pytest.mark.parametrize(
    ("mode", "space"),
    [("RGB", b"RGB "), ("RGBA", b"RGB "), ("L", b"GRAY"), ("LA", b"GRAY")],
)
def test_a_colour_profile_is_applied(make_profile, mode, space):
    half = {"L": 128, "LA": (128, 255)}.get(mode, (128, 128, 128, 255))
    image = Image.new(mode, (2, 2), half[:3] if mode == "RGB" else half)
    encoded = saved(image, "PNG", icc_profile=make_profile(space))
    assert np.abs(read_image(encoded).astype(int) - 188).max() <= 1
    assert (read_image(saved(image, "PNG")) == 128).all()


def test_a_colour_profile_keeps_transparency(make_profile):
    encoded = saved(
        transparent_rgba(), "PNG", icc_profile=make_profile(b"RGB ")
    )
    read = read_image(encoded, keep_alpha=True)
    np.testing.assert_array_equal(read[0, :, 3], [255, 128, 0])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda make_profile: b"broken",
        lambda make_profile: make_profile(b"GRAY"),
        lambda make_profile: make_profile(b"RGB ")[:200],
    ],
)
def test_a_broken_or_foreign_profile_is_ignored(make_profile, spoil):
    profile = spoil(make_profile)
    image = Image.new("RGB", (2, 2), (10, 128, 250))
    read = read_image(saved(image, "PNG", icc_profile=profile))
    assert (read == (10, 128, 250)).all()


def test_a_profile_of_srgb_changes_no_pixel():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    encoded = saved(
        Image.fromarray(image), "PNG", icc_profile=profile.tobytes()
    )
    np.testing.assert_array_equal(read_image(encoded), image)


def upright_picture():
    """Returns [24, 40, 3] with a colour of its own in each quarter."""
    image = np.zeros((24, 40, 3), np.uint8)
    image[:12, :20] = [250, 10, 10]
    image[:12, 20:] = [10, 250, 10]
    image[12:, :20] = [10, 10, 250]
    return image


# How a camera that held the picture so would have stored it.
STORED = {
    1: lambda image: image,
    2: np.fliplr,
    3: lambda image: np.rot90(image, 2),
    4: np.flipud,
    5: lambda image: image.transpose(1, 0, 2),
    6: np.rot90,
    7: lambda image: np.rot90(image.transpose(1, 0, 2), 2),
    8: lambda image: np.rot90(image, -1),
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_turns_the_picture_upright(orientation, format):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(STORED[orientation](upright_picture()))
    options = {
        "JPEG": {"quality": 100, "subsampling": 0},
        "WEBP": {"lossless": True},
    }.get(format, {})
    encoded = saved(Image.fromarray(stored), format, exif=exif, **options)
    read = read_image(encoded).astype(int)
    assert read.shape == (24, 40, 3)
    # A JPEG's blocks of eight straddle the quarters: compare their insides.
    for y, x in ((4, 4), (4, 36), (20, 4), (20, 36)):
        assert np.abs(read[y, x] - upright_picture()[y, x]).max() <= 3


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_broken_exif_data_spoil_no_picture(format):
    options = {"lossless": True} if format == "WEBP" else {}
    image = Image.fromarray(upright_picture())
    encoded = saved(image, format, exif=b"Exif\0\0broken", **options)
    np.testing.assert_array_equal(read_image(encoded), upright_picture())


def test_of_several_frames_the_first_is_read():
    frames = [Image.new("RGB", (4, 4), c) for c in ("red", "blue")]
    for format in ("GIF", "TIFF", "PNG", "WEBP"):
        options = {"lossless": True} if format == "WEBP" else {}
        encoded = saved(
            frames[0],
            format,
            save_all=True,
            append_images=frames[1:],
            **options,
        )
        assert (read_image(encoded) == (255, 0, 0)).all(), format
