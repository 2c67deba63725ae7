"""Reading; what is said of bad files."""

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.codecs.formats import has_avif
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image, write_image
from multistyle.images.values import to_uint8

needs_avif = pytest.mark.skipif(not has_avif(), reason="needs Pillow 11.3")


def smooth_picture(height=48, width=64, channels=3):
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = [x, y, 1 - x, (1 + y) / 2][:channels]
    return to_uint8(np.stack(planes, axis=-1))


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_every_source_gives_the_same_picture(tmp_path):
    image = smooth_picture()
    path = tmp_path / "a.png"
    write_image(path, image)
    np.testing.assert_array_equal(read_image(str(path)), image)
    np.testing.assert_array_equal(read_image(path.read_bytes()), image)
    with open(path, "rb") as file:
        np.testing.assert_array_equal(read_image(file), image)
    with Image.open(path) as opened:
        np.testing.assert_array_equal(read_image(opened), image)
        opened.load()  # It is still open: reading does not close it.


def test_the_pixels_can_be_written_to():
    read_image(encode_image(smooth_picture(), "png"))[:] = 0


def test_a_wrong_suffix_does_not_matter(tmp_path):
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(encode_image(smooth_picture(), "png"))
    np.testing.assert_array_equal(read_image(path), smooth_picture())


@pytest.mark.parametrize(
    ("at_least", "size"),
    [(16, (32, 64)), (32, (32, 64)), (33, (64, 128)), (300, (256, 512))],
)
def test_a_jpeg_is_decoded_smaller(at_least, size):
    image = smooth_picture(256, 512)
    read = read_image(encode_image(image, "jpg"), at_least=at_least)
    assert read.shape[:2] == size
    step = 256 // size[0]
    means = image.reshape(size[0], step, size[1], step, 3).mean(axis=(1, 3))
    assert np.abs(read - means).max() < 8


def test_only_a_jpeg_is_decoded_smaller():
    encoded = encode_image(smooth_picture(256, 512), "png")
    assert read_image(encoded, at_least=32).shape == (256, 512, 3)


ALL_FORMATS = [
    "jpg",
    "png",
    "gif",
    "webp",
    "bmp",
    "tif",
    pytest.param("avif", marks=needs_avif),
]


def encoded_noise(format):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    return encode_image(noise, format)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("format", ALL_FORMATS)
def test_a_file_cut_short_is_named(tmp_path, format):
    path = tmp_path / f"cut.{format}"
    encoded = encoded_noise(format)
    for size in (len(encoded) // 10, len(encoded) // 2, len(encoded) - 500):
        path.write_bytes(encoded[:size])
        with pytest.raises(InputError, match=rf"`.*cut\.{format}`"):
            read_image(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"I am a text.\n" * 100, b"\xff\xd8\xff", b"%!PS-Adobe-3.0"],
)
def test_what_is_no_picture_is_named(tmp_path, content):
    path = tmp_path / "notes.jpg"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"`.*notes\.jpg`"):
        read_image(path)


def test_other_kinds_are_not_even_tried(tmp_path):
    path = tmp_path / "poster.jpg"
    Image.new("RGB", (4, 4)).save(path, "EPS")
    with pytest.raises(InputError, match=r"`.*poster\.jpg` is .* none of"):
        read_image(path)


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "a.jpg").touch()
    with pytest.raises(InputError, match=r"`.*a\.jpg` is empty, or none of"):
        read_image(tmp_path / "a.jpg")


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(InputError, match=r"`.*nowhere\.jpg` does not exist"):
        read_image(tmp_path / "nowhere.jpg")
    with pytest.raises(InputError, match=r"`.*`"):
        read_image(tmp_path)


def test_bytes_without_a_name_have_one_in_the_message():
    with pytest.raises(InputError, match="`<image>` is empty"):
        read_image(b"")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("format", ALL_FORMATS)
def test_a_damaged_file_is_read_or_named(format):
    """Whatever the damage, no other exception reaches the caller."""
    encoded = np.frombuffer(encoded_noise(format), np.uint8)
    random = np.random.default_rng(1)
    num_refused = 0
    for _ in range(60):
        damaged = encoded.copy()
        # Most of the damage goes where the structure is.
        reach = random.choice([64, 512, damaged.size])
        places = random.integers(0, min(reach, damaged.size), 4)
        damaged[places] = random.integers(0, 256, 4)
        try:
            pixels = read_image(damaged.tobytes())
        except InputError as error:
            num_refused += 1
            assert "`<image>`" in str(error) and "\n" not in str(error)
        else:
            assert pixels.dtype == np.uint8 and pixels.shape[2] == 3
    assert num_refused > 0
