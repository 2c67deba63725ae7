"""Writing: what each format keeps, and what is refused."""

import io
import os

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from multistyle.errors import InputError
from multistyle.images.codecs.formats import FORMATS_BY_SUFFIX, has_avif
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image, write_image
from multistyle.images.values import to_uint8

needs_avif = pytest.mark.skipif(not has_avif(), reason="needs Pillow 11.3")


def smooth_picture(height=48, width=64, channels=3):
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = [x, y, 1 - x, (1 + y) / 2][:channels]
    return to_uint8(np.stack(planes, axis=-1))


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".tiff", ".PNG"])
def test_a_lossless_format_gives_the_pixels_back(tmp_path, suffix):
    path = tmp_path / ("picture" + suffix)
    image = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    write_image(path, image)
    np.testing.assert_array_equal(read_image(path), image)
    with Image.open(path) as opened:
        assert opened.format == FORMATS_BY_SUFFIX[suffix.lower()]
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize(
    "suffix",
    [".jpg", ".jpeg", ".webp", ".gif", pytest.param(".avif", marks=needs_avif)],
)
def test_a_lossy_format_comes_close(tmp_path, suffix):
    path = tmp_path / ("picture" + suffix)
    image = smooth_picture()
    write_image(path, image)
    difference = np.abs(read_image(path).astype(int) - image)
    assert difference.mean() < (10 if suffix == ".gif" else 2)
    with Image.open(path) as opened:
        assert opened.format == FORMATS_BY_SUFFIX[suffix]


def test_jpeg_has_full_colour_resolution_and_quality_95():
    image = smooth_picture()
    reference = io.BytesIO()
    Image.fromarray(image).save(reference, "JPEG", quality=95)
    with (
        Image.open(io.BytesIO(encode_image(image, "jpg"))) as written,
        Image.open(reference) as expected,
    ):
        assert JpegImagePlugin.get_sampling(written) == 0
        assert written.quantization == expected.quantization


def test_options_reach_the_writer():
    image = smooth_picture()
    assert len(encode_image(image, "jpg", quality=10)) < len(
        encode_image(image, "jpg")
    )


def test_float_pictures_are_rounded_not_truncated(tmp_path):
    path = tmp_path / "a.png"
    write_image(path, np.full((2, 2, 3), 0.999, np.float32))
    assert (read_image(path) == 255).all()


@pytest.mark.parametrize(
    "suffix", [".png", ".webp", ".tif", pytest.param(".avif", marks=needs_avif)]
)
def test_alpha_is_written_where_the_format_has_it(tmp_path, suffix):
    path = tmp_path / ("a" + suffix)
    image = smooth_picture(channels=4)
    write_image(path, image)
    read = read_image(path, keep_alpha=True)
    # AVIF compresses it, too.
    difference = np.abs(read[..., 3].astype(int) - image[..., 3]).max()
    assert difference <= (2 if suffix == ".avif" else 0)


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_alpha_is_laid_on_white_where_the_format_has_none(tmp_path, suffix):
    path = tmp_path / ("a" + suffix)
    image = np.zeros((16, 16, 4), np.uint8)
    image[..., 0], image[..., 3] = 255, 51
    write_image(path, image)
    difference = read_image(path).astype(int) - [255, 204, 204]
    assert np.abs(difference).max() <= 2


def test_in_a_gif_a_pixel_is_transparent_or_it_is_not(tmp_path):
    image = np.zeros((1, 4, 4), np.uint8)
    image[..., 0], image[..., 3] = 255, [0, 127, 128, 255]
    write_image(tmp_path / "a.gif", image)
    read = read_image(tmp_path / "a.gif", keep_alpha=True)
    np.testing.assert_array_equal(read[0, :, 3], [0, 0, 255, 255])
    # What is half there is laid on white.
    np.testing.assert_array_equal(
        read[0, 2:, :3], [[255, 127, 127], [255, 0, 0]]
    )


@pytest.mark.parametrize("name", ["a", "a.txt", "a.jpg.part", ".png"])
def test_an_unknown_suffix_lists_the_known_ones(tmp_path, name):
    with pytest.raises(InputError, match=r"`.*` names no .*\.jpg, \.png"):
        write_image(tmp_path / name, smooth_picture())
    assert os.listdir(tmp_path) == []


def test_an_existing_file_is_kept_unless_told(tmp_path):
    path = tmp_path / "a.png"
    first, second = smooth_picture(), smooth_picture()[::-1]
    write_image(path, first)
    with pytest.raises(InputError, match=r"`.*a\.png` exists already"):
        write_image(path, second)
    np.testing.assert_array_equal(read_image(path), first)
    write_image(path, second, overwrite=True)
    np.testing.assert_array_equal(read_image(path), second)


def test_a_picture_too_large_for_its_format_is_named(tmp_path):
    with pytest.raises(InputError, match=r"`webp` cannot .* 16384 x 1 pixels"):
        write_image(tmp_path / "a.webp", np.zeros((1, 16384, 3), np.uint8))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 1), (1, 4, 4, 3)])
def test_a_wrong_shape_is_named(shape):
    with pytest.raises(ValueError, match=r"its shape is \(.*4, 4"):
        encode_image(np.zeros(shape, np.uint8), "png")
