"""Finding, reading and writing files; what is said of the bad ones."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from multistyle.errors import InputError
from multistyle.images.codecs.formats import FORMATS, has_avif
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image, write_image
from multistyle.images.finding import find_images
from multistyle.images.values import to_dtype, to_float, to_uint8

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


@pytest.fixture
def in_tmp_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(spec):
    return [path.as_posix() for path in find_images(spec)]


def test_a_folder_is_searched_in_natural_order(in_tmp_path):
    touch(
        in_tmp_path,
        *("p/a10.jpg", "p/a2.PNG", "p/B1.jpeg", "p/b/1.webp", "p/a02.gif"),
        *("p/.hidden.jpg", "p/.git/1.jpg", "p/notes.txt", "p/jpg"),
    )
    expected = ["p/a02.gif", "p/a2.PNG", "p/a10.jpg", "p/b/1.webp", "p/B1.jpeg"]
    assert found("p") == expected
    assert found(Path("p")) == expected


def test_a_hidden_folder_may_be_named(in_tmp_path):
    touch(in_tmp_path, ".cache/a.jpg")
    assert found(".cache") == [".cache/a.jpg"]


def test_a_glob(in_tmp_path):
    touch(in_tmp_path, "p/1.jpg", "p/2.jpg", "p/3.png", "p/q/4.jpg", "p/5.txt")
    assert found("p/*.jpg") == ["p/1.jpg", "p/2.jpg"]
    assert found("p/*") == ["p/1.jpg", "p/2.jpg", "p/3.png"]
    assert found("p/**/*.jpg") == ["p/1.jpg", "p/2.jpg", "p/q/4.jpg"]


def test_a_list_keeps_its_order_and_names_a_file_once(in_tmp_path):
    touch(in_tmp_path, "p/2.jpg", "p/1.jpg", "z.jpg")
    expected = ["z.jpg", "p/1.jpg", "p/2.jpg"]
    assert found("z.jpg, p/*.jpg,./z.jpg,") == expected
    assert found(["z.jpg", Path("p"), "p/2.jpg"]) == expected
    assert found(["z.jpg,p/1.jpg", "p"]) == expected


def test_what_exists_as_written_is_not_taken_apart(in_tmp_path):
    touch(in_tmp_path, "a.jpg", "a.jpg,b.jpg", "c[1].jpg", "d, e/1.jpg")
    assert found("a.jpg,b.jpg") == ["a.jpg,b.jpg"]
    assert found("c[1].jpg") == ["c[1].jpg"]
    assert found("d, e") == ["d, e/1.jpg"]
    assert found("d, e/*") == ["d, e/1.jpg"]


def test_a_named_file_needs_no_suffix(in_tmp_path):
    touch(in_tmp_path, "photo", ".hidden.jpg")
    assert found(["photo", ".hidden.jpg"]) == ["photo", ".hidden.jpg"]


def test_the_home_folder(in_tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(in_tmp_path))
    touch(in_tmp_path, "a.jpg")
    assert find_images("~/a.jpg") == [in_tmp_path / "a.jpg"]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nowhere", "`nowhere` matches no picture"),
        ("*.png", r"`\*\.png` matches no picture"),
        ("a.jpg,nowhere", "`nowhere` matches no picture"),
        ("folder", r"`folder` holds no picture \(.*\.png"),
        ("", "No picture is given"),
        ([], "No picture is given"),
    ],
)
def test_what_matches_nothing_is_named(in_tmp_path, spec, message):
    touch(in_tmp_path, "a.jpg", "folder/notes.txt")
    with pytest.raises(InputError, match=message):
        find_images(spec)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".tiff", ".PNG"])
def test_a_lossless_format_gives_the_pixels_back(tmp_path, suffix):
    path = tmp_path / ("picture" + suffix)
    image = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    write_image(path, image)
    np.testing.assert_array_equal(read_image(path), image)
    with Image.open(path) as opened:
        assert opened.format == FORMATS[suffix.lower()]
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
        assert opened.format == FORMATS[suffix]


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


def test_uint8_and_float_are_exact_opposites():
    values = np.arange(256, dtype=np.uint8)
    floats = to_float(values)
    assert floats.dtype == np.float32
    assert floats[0] == 0 and floats[255] == 1
    np.testing.assert_array_equal(to_uint8(floats), values)
    np.testing.assert_array_equal(to_uint8(floats.astype(np.float64)), values)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(-1, 0), (0.0019, 0), (0.002, 1), (0.5, 128), (0.999, 255), (7, 255)],
)
def test_to_uint8_rounds_and_clips(value, rounded):
    assert to_uint8(np.array(value, np.float32)) == rounded


def test_uint16_and_float_are_exact_opposites():
    values = np.arange(65536, dtype=np.uint16)
    floats = to_float(values)
    assert floats.dtype == np.float32
    assert floats[0] == 0 and floats[65535] == 1
    np.testing.assert_array_equal(to_dtype(floats, np.uint16), values)
    assert to_dtype(values, np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 0), (128, 0), (129, 1), (65535, 255)]
)
def test_sixteen_bits_are_rounded_to_eight(value, rounded):
    # A step of 8 bits is 257 of 16.
    assert to_uint8(np.array(value, np.uint16)) == rounded


def test_what_is_converted_already_is_left_alone():
    pixels, floats = np.zeros(3, np.uint8), np.zeros(3, np.float32)
    assert to_uint8(pixels) is pixels
    assert to_float(floats) is floats
