"""Colour profiles in floating point, against LittleCMS in 8 bits."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from multistyle.images.codecs.profiles import convert_to_srgb
from multistyle.images.codecs.reading import read_image

ADOBE_RGB = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)


def gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH2x", 1, round(256 * value))


def table(*values):
    return b"curv\0\0\0\0" + struct.pack(
        f">I{len(values)}H", len(values), *values
    )


def parametric(kind, *values):
    fixed = [round(65536 * value) for value in values]
    return b"para\0\0\0\0" + struct.pack(f">H2x{len(fixed)}i", kind, *fixed)


CURVES = {
    "straight": b"curv\0\0\0\0" + struct.pack(">I", 0),
    "gamma": gamma(2.2),
    "table": table(0, 4000, 17000, 38000, 65535),
    "power": parametric(0, 1.8),
    "CIE 122": parametric(1, 2.2, 1.05, -0.05),
    "IEC 61966-3": parametric(2, 2.2, 1.05, -0.05, 0),
    "sRGB": parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    "with offsets": parametric(
        4, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0, 0
    ),
}


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("space", [b"RGB ", b"GRAY"])
def test_littlecms_agrees(make_profile, curve, space):
    profile = make_profile(space, CURVES[curve], ADOBE_RGB)
    random = np.random.default_rng(0)
    # Near black LittleCMS is rough: it interpolates in a small table.
    eight = random.integers(48, 256, (64, 64, 3), np.uint8)
    if space == b"GRAY":
        eight[...] = eight[..., :1]
    image = Image.fromarray(eight if space == b"RGB " else eight[..., 0])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", icc_profile=profile)
    expected = read_image(buffer.getvalue()).astype(int)
    converted = convert_to_srgb(eight.astype(np.uint16) * 257, profile)
    assert converted.dtype == np.uint16
    difference = np.abs(np.rint(converted / 257) - expected)
    assert difference.max() <= 1 and difference.mean() < 0.1


@pytest.mark.parametrize(
    ("curve", "value", "linear"),
    [
        (parametric(1, 2, 0.5, 0.5), 0.5, 0.75**2),
        (parametric(1, 2, 2, -1), 0.25, 0),
        (parametric(2, 2, 0.5, 0.25, 0.25), 0.5, 0.5),
        (parametric(2, 2, 2, -1, 0.25), 0.25, 0.25),
        (parametric(4, 2, 0.5, 0.25, 0.5, 0.5, 0.125, 0.0625), 0.75, 0.515625),
        (parametric(4, 2, 0.5, 0.25, 0.5, 0.5, 0.125, 0.0625), 0.25, 0.1875),
        (table(0, 16384, 65535), 0.25, 0.125),
    ],
)
def test_curves_as_the_standard_writes_them(make_profile, curve, value, linear):
    pixels = np.full((1, 1, 3), round(value * 65535), np.uint16)
    converted = convert_to_srgb(pixels, make_profile(b"GRAY", curve))
    encoded = 1.055 * linear ** (1 / 2.4) - 0.055 if linear else 0
    assert np.abs(converted / 65535 - encoded).max() < 2e-4


def test_it_is_finer_than_eight_bits(make_profile):
    # Half of the light is 0.7354 in sRGB.
    pixels = np.array([[[32768] * 3, [32769] * 3, [32780] * 3]], np.uint16)
    converted = convert_to_srgb(pixels, make_profile(b"RGB "))
    assert np.abs(converted[0, 0] / 65535 - 0.735358).max() < 1e-4
    assert (converted[0, 2] > converted[0, 0]).all()


def test_alpha_is_left_alone(make_profile):
    pixels = np.full((2, 2, 4), 32768, np.uint16)
    converted = convert_to_srgb(pixels, make_profile(b"RGB "))
    assert (converted[..., 3] == 32768).all()
    assert (converted[..., :3] > 48000).all()


def test_srgb_itself_changes_nothing():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    pixels = np.arange(3 * 1000, dtype=np.uint16).reshape(10, 100, 3) * 21
    assert convert_to_srgb(pixels, profile.tobytes()) is pixels


@pytest.mark.parametrize("size", [0, 5, 130, 200, -60])
def test_a_broken_profile_changes_nothing(make_profile, size):
    pixels = np.full((2, 2, 3), 32768, np.uint16)
    profile = make_profile(b"RGB ")[:size]
    assert convert_to_srgb(pixels, profile) is pixels


@pytest.mark.parametrize("curve", [b"text\0\0\0\0", parametric(7), table()[:9]])
def test_an_unknown_curve_changes_nothing(make_profile, curve):
    pixels = np.full((2, 2, 3), 32768, np.uint16)
    assert convert_to_srgb(pixels, make_profile(b"RGB ", curve)) is pixels


def test_tables_are_for_others(make_profile):
    profile = make_profile(b"RGB ", more={b"A2B0": b"mft2"}.items())
    assert convert_to_srgb(np.zeros((2, 2, 3), np.uint16), profile) is None
