"""What a painted copy keeps of its photograph's file."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs.animation import read_frames, read_timing
from multistyle.images.codecs.formats import has_avif
from multistyle.images.codecs.metadata import read_resolution
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.values import to_float
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.look import Look

STYLE = "great_wave"
TURN, MAKE = 0x0112, 0x010F
needs_avif = pytest.mark.skipif(not has_avif(), reason="needs Pillow 11.3")


@pytest.fixture
def blend(stylizer):
    return Blend(stylizer, STYLE)


@pytest.fixture
def deep_photograph():
    random = np.random.default_rng(0)
    return random.integers(0, 65536, (20, 28, 3), np.uint16)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("output", ["out.png", "out.tiff"])
def test_sixteen_bits_in_and_out(
    blend, stylizer, tmp_path, deep_photograph, suffix, output
):
    photograph = tmp_path / f"scan{suffix}"
    write_image(photograph, deep_photograph)
    blend.write(photograph, tmp_path / output)
    made = read_image(tmp_path / output, is_deep=True)
    assert made.dtype == np.uint16
    painted = stylizer.stylize(to_float(deep_photograph), STYLE)
    np.testing.assert_array_equal(made, np.rint(painted * 65535))
    assert len(np.unique(made)) > 256


def test_sixteen_bits_that_are_reduced(stylizer, tmp_path, deep_photograph):
    photograph = tmp_path / "scan.png"
    write_image(photograph, deep_photograph)
    blend = Blend(stylizer, STYLE, look=Look(max_size=14))
    blend.write(photograph, tmp_path / "out.png")
    made = read_image(tmp_path / "out.png", is_deep=True)
    assert (made.dtype, made.shape) == (np.uint16, (10, 14, 3))


def test_a_jpeg_of_sixteen_bits_needs_no_word(blend, tmp_path, deep_photograph):
    write_image(tmp_path / "scan.png", deep_photograph)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        blend.write(tmp_path / "scan.png", tmp_path / "out.jpg")
    assert read_image(tmp_path / "out.jpg").shape == (20, 28, 3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA", "I;16"])
def test_every_mode_is_painted(blend, stylizer, tmp_path, mode):
    random = np.random.default_rng(1)
    image = Image.fromarray(random.integers(0, 256, (20, 28, 3), np.uint8))
    if mode == "I;16":
        values = random.integers(0, 65536, (20, 28), np.uint16)
        image = Image.fromarray(values)
    else:
        image = image.convert(mode)
    path = tmp_path / ("photo.tif" if mode == "CMYK" else "photo.png")
    options = {"transparency": 3} if mode == "P" else {}
    image.save(path, **options)
    blend.write(path, tmp_path / "out.png")
    is_deep = mode == "I;16"
    made = read_image(tmp_path / "out.png", keep_alpha=True, is_deep=is_deep)
    photograph = read_image(path, keep_alpha=True, is_deep=is_deep)
    assert made.shape[2] == (4 if mode in ("P", "LA", "RGBA") else 3)
    np.testing.assert_array_equal(made, stylizer.stylize(photograph, STYLE))


def photograph_with_exif(path, orientation):
    exif = Image.Exif()
    exif[TURN], exif[MAKE] = orientation, "Kamera"
    pixels = np.random.default_rng(2).integers(0, 256, (20, 28, 3), np.uint8)
    Image.fromarray(pixels).save(path, exif=exif)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_and_its_exif_kept(blend, tmp_path, orientation):
    photograph_with_exif(tmp_path / "photo.jpg", orientation)
    blend.write(tmp_path / "photo.jpg", tmp_path / "out.jpg")
    with Image.open(tmp_path / "out.jpg") as image:
        assert image.size == ((28, 20) if orientation < 5 else (20, 28))
        exif = image.getexif()
        assert exif[MAKE] == "Kamera"
        assert exif[TURN] == 1


@pytest.mark.parametrize(
    "suffix",
    [".jpg", ".png", ".tif", ".webp", pytest.param(".avif", marks=needs_avif)],
)
def test_exif_can_be_left_out(stylizer, tmp_path, suffix):
    photograph_with_exif(tmp_path / "photo.jpg", 6)
    blend = Blend(stylizer, STYLE, strip_metadata=True)
    assert blend.options()["strip_metadata"]
    output = tmp_path / f"out{suffix}"
    blend.write(tmp_path / "photo.jpg", output)
    assert b"Kamera" not in output.read_bytes()
    assert read_image(output).shape == (28, 20, 3)


def moving(path, num_frames=3, **options):
    """Writes a moving picture of noise; returns its frames, as read."""
    random = np.random.default_rng(3)
    images = [
        Image.fromarray(random.integers(0, 256, (16, 20, 3), np.uint8))
        for _ in range(num_frames)
    ]
    images[0].save(path, save_all=True, append_images=images[1:], **options)
    return list(read_frames(path, has_alpha=False))


@pytest.mark.parametrize("name", ["walk.gif", "walk.png", "walk.webp"])
@pytest.mark.parametrize("output", ["out.gif", "out.png", "out.webp"])
def test_each_frame_is_painted(blend, stylizer, tmp_path, name, output):
    frames = moving(tmp_path / name, duration=[50, 120, 300], loop=0)
    blend.write(tmp_path / name, tmp_path / output)
    timing = read_timing(tmp_path / output)
    assert timing.durations == [50, 120, 300]
    assert timing.num_plays == 0
    made = list(read_frames(tmp_path / output, has_alpha=False))
    for frame, picture in zip(frames, made, strict=True):
        painted = stylizer.stylize(frame, STYLE).astype(int)
        others = [np.abs(painted - other).mean() for other in made]
        own = np.abs(painted - picture).mean()
        # 256 colours, or WebP's losses, but no other frame.
        assert own == min(others) and own < 30


@pytest.mark.parametrize("suffix", [".png", ".webp"])
@pytest.mark.parametrize("output", ["out.png", "out.webp", "out.jpg"])
@pytest.mark.filterwarnings("ignore::multistyle.errors.InputWarning")
def test_a_moving_picture_is_turned_and_its_exif_kept(
    blend, tmp_path, suffix, output
):
    exif = Image.Exif()
    exif[TURN], exif[MAKE] = 6, "Kamera"
    moving(tmp_path / f"walk{suffix}", exif=exif)
    blend.write(tmp_path / f"walk{suffix}", tmp_path / output)
    with Image.open(tmp_path / output) as image:
        assert image.size == (16, 20)
        assert (image.getexif()[TURN], image.getexif()[MAKE]) == (1, "Kamera")


RESOLVED = ["jpg", "png", "tif", "bmp", "webp"]


@pytest.mark.parametrize("output", RESOLVED)
@pytest.mark.parametrize("suffix", RESOLVED)
@pytest.mark.parametrize("strip_metadata", [False, True])
def test_the_resolution_is_kept(
    stylizer, tmp_path, suffix, output, strip_metadata
):
    photograph, made = tmp_path / f"a.{suffix}", tmp_path / f"out.{output}"
    pixels = np.random.default_rng(2).integers(0, 256, (20, 28, 3), np.uint8)
    write_image(photograph, pixels, resolution=(300, 150))
    Blend(stylizer, STYLE, strip_metadata=strip_metadata).write(
        photograph, made
    )
    assert read_resolution(made) == pytest.approx((300, 150), abs=0.02)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("output", ["out.png", "out.tif"])
def test_sixteen_bits_keep_their_resolution(
    blend, tmp_path, deep_photograph, suffix, output
):
    photograph = tmp_path / f"scan{suffix}"
    write_image(photograph, deep_photograph, resolution=(600, 600))
    blend.write(photograph, tmp_path / output)
    made = read_resolution(tmp_path / output)
    assert made == pytest.approx((600, 600), abs=0.02)


def test_frames_are_reduced(stylizer, tmp_path):
    moving(tmp_path / "walk.gif")
    Blend(stylizer, STYLE, look=Look(max_size=10)).write(
        tmp_path / "walk.gif", tmp_path / "out.gif"
    )
    frames = list(read_frames(tmp_path / "out.gif", has_alpha=False))
    assert [frame.shape for frame in frames] == [(8, 10, 3)] * 3


def test_where_one_picture_can_be_held_it_is_said(blend, stylizer, tmp_path):
    frames = moving(tmp_path / "walk.gif")
    with pytest.warns(InputWarning) as caught:
        blend.write(tmp_path / "walk.gif", tmp_path / "out.bmp")
    assert [str(warning.message) for warning in caught] == [
        f"`{tmp_path / 'walk.gif'}` has 3 frames; `{tmp_path / 'out.bmp'}` can "
        "hold one, the first."
    ]
    np.testing.assert_array_equal(
        read_image(tmp_path / "out.bmp"), stylizer.stylize(frames[0], STYLE)
    )


def test_a_moving_picture_that_is_cut_short_leaves_no_file(blend, tmp_path):
    moving(tmp_path / "walk.gif", num_frames=6)
    encoded = (tmp_path / "walk.gif").read_bytes()
    (tmp_path / "walk.gif").write_bytes(encoded[: len(encoded) // 2])
    with pytest.raises(InputError, match=r"`.*walk\.gif` cannot be read"):
        blend.write(tmp_path / "walk.gif", tmp_path / "out.gif")
    assert [path.name for path in tmp_path.iterdir()] == ["walk.gif"]


def test_too_many_pixels_need_leave(stylizer, tmp_path):
    write_image(tmp_path / "a.png", np.zeros((20, 28, 3), np.uint8))
    moving(tmp_path / "walk.gif")
    for name in ("a.png", "walk.gif"):
        blend = Blend(stylizer, STYLE, look=Look(max_pixels=300))
        with pytest.raises(InputError, match=f"{name}` has more pixels .* 300"):
            blend.write(tmp_path / name, tmp_path / f"out_{name}")
    blend = Blend(stylizer, STYLE, look=Look(max_pixels=560))
    blend.write(tmp_path / "a.png", tmp_path / "out.png")
    assert "max_pixels" not in blend.options()


def test_an_open_file_will_do(blend, stylizer, tmp_path):
    pixels = np.random.default_rng(5).integers(0, 256, (16, 20, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    blend.write(file, tmp_path / "out.png")
    np.testing.assert_array_equal(
        read_image(tmp_path / "out.png"), stylizer.stylize(pixels, STYLE)
    )
