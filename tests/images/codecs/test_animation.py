"""Moving pictures, read back frame by frame."""

import gc
import io
import os

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.codecs.animation import (
    CLEAR,
    KEEP,
    Timing,
    even_timing,
    read_frames,
    read_timing,
    write_animation,
)
from multistyle.images.codecs.metadata import read_exif

TURN, MAKE = 0x0112, 0x010F
COLORS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))


def flat_frames(colors=COLORS, size=(6, 10)):
    return [
        np.broadcast_to(np.array(color, np.uint8), (*size, 3))
        for color in colors
    ]


def write_gif(path, frames, frames_per_second=12, **options):
    timing = even_timing(len(frames), frames_per_second)
    write_animation(path, frames, timing, **options)


def read_gif(path):
    """Returns the frames as uint8 [T, H, W, 3], and their milliseconds."""
    frames, durations = [], []
    with Image.open(path) as gif:
        for index in range(gif.n_frames):
            gif.seek(index)
            frames.append(np.asarray(gif.convert("RGB")))
            durations.append(gif.info["duration"])
    return np.stack(frames), durations


def test_frames_are_read_back(tmp_path):
    write_gif(tmp_path / "a.gif", flat_frames(), frames_per_second=10)
    frames, durations = read_gif(tmp_path / "a.gif")
    np.testing.assert_array_equal(frames, np.stack(flat_frames()))
    assert durations == [100] * 4
    with Image.open(tmp_path / "a.gif") as gif:
        assert gif.info["loop"] == 0
    assert os.listdir(tmp_path) == ["a.gif"]


def test_float_frames_and_a_generator(tmp_path):
    frames = (frame / np.float32(255) for frame in flat_frames())
    write_animation(tmp_path / "a.gif", frames, even_timing(4))
    np.testing.assert_array_equal(
        read_gif(tmp_path / "a.gif")[0], np.stack(flat_frames())
    )


def test_the_whole_takes_its_time(tmp_path):
    # 12 a second is 8.33 hundredths each; 24 frames must take two seconds.
    frames = flat_frames([(10 * i, 0, 255 - 10 * i) for i in range(24)])
    write_gif(tmp_path / "a.gif", frames, frames_per_second=12)
    durations = read_gif(tmp_path / "a.gif")[1]
    assert sum(durations) == 2000
    assert set(durations) == {80, 90}


def test_a_smooth_picture_has_no_bands(tmp_path):
    x, y = np.meshgrid(np.linspace(0, 1, 64), np.linspace(0, 1, 64))
    frame = np.stack([x, y, 1 - x * y], axis=-1)

    def means(image):
        return image.reshape(8, 8, 8, 8, 3).mean(axis=(1, 3))

    write_gif(tmp_path / "a.gif", [frame, frame[::-1]])
    frames, _ = read_gif(tmp_path / "a.gif")
    for read, wrote in zip(frames / 255, (frame, frame[::-1]), strict=True):
        assert np.abs(read - wrote).mean() < 0.02
        # Dithering errs in a pixel, hardly in a neighbourhood.
        assert np.abs(means(read) - means(wrote)).mean() < 0.0025


@pytest.mark.parametrize("rate", [0, -1, 51, float("nan")])
def test_a_rate_that_no_gif_has_is_named(tmp_path, rate):
    with pytest.raises(InputError, match=f"`{rate}` frames a second"):
        write_gif(tmp_path / "a.gif", flat_frames(), rate)


def test_no_frame_is_an_error_and_leaves_no_file(tmp_path):
    with pytest.raises(InputError, match="at least one frame"):
        write_gif(tmp_path / "a.gif", [])
    assert os.listdir(tmp_path) == []


def test_two_sizes_are_both_named(tmp_path):
    frames = flat_frames() + flat_frames(size=(4, 4))
    with pytest.raises(ValueError, match=r"\(6, 10, 3\) and \(4, 4, 3\)"):
        write_gif(tmp_path / "a.gif", frames)


def test_an_existing_file_is_kept_unless_told(tmp_path):
    path = tmp_path / "a.gif"
    write_gif(path, flat_frames()[:1])
    with pytest.raises(InputError, match="exists already"):
        write_gif(path, flat_frames()[:2])
    assert len(read_gif(path)[0]) == 1
    write_gif(path, flat_frames()[:2], overwrite=True)
    assert len(read_gif(path)[0]) == 2


def moving_picture(num_frames=4, size=(24, 32)):
    """Returns RGBA frames: a red square that moves over nothing at all."""
    frames = np.zeros((num_frames, *size, 4), np.uint8)
    for number, frame in enumerate(frames):
        left = 4 + 5 * number
        frame[6:14, left : left + 8] = [250, 40 * number, 20, 255]
    return frames


def saved(frames, format, **options):
    images = [Image.fromarray(frame) for frame in frames]
    buffer = io.BytesIO()
    images[0].save(
        buffer, format, save_all=True, append_images=images[1:], **options
    )
    return buffer.getvalue()


DURATIONS = [40, 100, 250, 70]


@pytest.mark.parametrize("num_plays", [0, 1, 3])
@pytest.mark.parametrize("written", ["gif", "png", "webp"])
@pytest.mark.parametrize("read", ["GIF", "PNG", "WEBP"])
def test_a_moving_picture_is_kept_as_it_moves(
    tmp_path, read, written, num_plays
):
    frames = moving_picture()
    # A GIF counts the repetitions, others how often it is shown.
    options = {"duration": DURATIONS, "lossless": True, "exact": True}
    if read != "GIF" or num_plays == 0:
        options["loop"] = num_plays
    elif num_plays > 1:
        options["loop"] = num_plays - 1
    if read == "GIF":
        options["disposal"] = CLEAR
    source = saved(frames, read, **options)
    timing = read_timing(source)
    assert timing == Timing(DURATIONS, [CLEAR] * 4, num_plays, True)
    shown = list(read_frames(source, has_alpha=timing.has_alpha))
    path = tmp_path / f"a.{written}"
    write_animation(path, shown, timing)
    again = read_timing(path)
    assert again == timing
    for frame, made in zip(
        frames, read_frames(path, has_alpha=True), strict=True
    ):
        np.testing.assert_array_equal(made[..., 3], frame[..., 3])
        is_there = frame[..., 3] == 255
        difference = made[is_there].astype(int) - frame[is_there]
        assert np.abs(difference).mean() < 4


@pytest.mark.parametrize(
    ("disposal", "kept"), [(0, KEEP), (1, KEEP), (2, CLEAR), (3, CLEAR)]
)
def test_each_frame_is_read_as_it_is_shown(tmp_path, disposal, kept):
    # Frames hold what is new alone: a square each, at another place.
    encoded = saved(moving_picture(), "GIF", disposal=disposal, duration=50)
    with Image.open(io.BytesIO(encoded)) as gif:
        expected = []
        for number in range(gif.n_frames):
            gif.seek(number)
            expected.append(np.asarray(gif.convert("RGBA")))
    timing = read_timing(encoded)
    assert timing.disposals == [kept] * 4
    write_animation(
        tmp_path / "a.gif",
        read_frames(encoded, has_alpha=timing.has_alpha),
        timing,
    )
    for made, frame in zip(
        read_frames(tmp_path / "a.gif", has_alpha=True), expected, strict=True
    ):
        np.testing.assert_array_equal(made[..., 3], frame[..., 3])
        is_there = frame[..., 3] == 255
        np.testing.assert_array_equal(made[is_there], frame[is_there])


def test_times_that_no_gif_has_are_rounded_together(tmp_path):
    timing = Timing([33, 33, 34] * 10, [KEEP] * 30, 0, False)
    frames = flat_frames([(8 * i, 0, 255 - 8 * i) for i in range(30)])
    write_animation(tmp_path / "a.gif", frames, timing)
    assert sum(read_timing(tmp_path / "a.gif").durations) == 1000
    write_animation(tmp_path / "a.webp", frames, timing)
    assert read_timing(tmp_path / "a.webp").durations == timing.durations


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_still_picture_does_not_move(format):
    assert read_timing(saved(moving_picture(1), format)) is None


def test_other_formats_are_still():
    assert read_timing(saved(moving_picture(), "TIFF")) is None


@pytest.mark.parametrize("num_frames", [1, 3])
def test_a_png_s_stand_in_is_no_frame(num_frames):
    stand_in = Image.new("RGBA", (32, 24), "teal")
    frames = moving_picture(num_frames)
    buffer = io.BytesIO()
    stand_in.save(
        buffer,
        "PNG",
        save_all=True,
        default_image=True,
        append_images=[Image.fromarray(frame) for frame in frames],
        duration=70,
    )
    encoded = buffer.getvalue()
    timing = read_timing(encoded)
    if num_frames == 1:
        assert timing is None
        return
    assert timing.durations == [70] * 3
    shown = list(read_frames(encoded, has_alpha=True))
    np.testing.assert_array_equal(shown, frames)


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_frames_are_written_as_they_come(tmp_path, suffix):
    """However many there are, three at most are in memory."""
    alive = []

    def noise():
        random = np.random.default_rng(0)
        for _ in range(24):
            alive.append(
                sum(isinstance(obj, Image.Image) for obj in gc.get_objects())
            )
            yield random.integers(0, 256, (16, 24, 3), np.uint8)

    gc.collect()
    write_animation(tmp_path / f"a{suffix}", noise(), even_timing(24))
    assert len(alive) == 24
    assert max(alive) <= alive[0] + 3
    assert len(read_timing(tmp_path / f"a{suffix}").durations) == 24


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_an_animation_keeps_its_exif_and_lies_upright(tmp_path, suffix):
    exif = Image.Exif()
    exif[TURN], exif[MAKE] = 6, "Kamera"
    format = "PNG" if suffix == ".png" else "WEBP"
    frames = moving_picture(3)
    encoded = saved(frames, format, exif=exif, lossless=True, duration=50)
    made = list(read_frames(encoded, has_alpha=True))
    for frame, shown in zip(frames, made, strict=True):
        is_there = np.rot90(frame, -1)[..., 3] == 255
        assert shown.shape == (32, 24, 4)
        np.testing.assert_array_equal(
            shown[is_there], np.rot90(frame, -1)[is_there]
        )
    kept = read_exif(encoded, (32, 24))
    path = tmp_path / f"a{suffix}"
    write_animation(path, made, read_timing(encoded), exif=kept)
    with Image.open(path) as image:
        assert (image.getexif()[MAKE], image.getexif()[TURN]) == ("Kamera", 1)


def test_frames_too_large_for_a_format_are_named(tmp_path):
    frames = [np.zeros((1, 16_384, 3), np.uint8)] * 2
    with pytest.raises(InputError, match=r"`.*a\.webp` .* 16384 x 1 .* 16383"):
        write_animation(tmp_path / "a.webp", frames, even_timing(2))
    assert os.listdir(tmp_path) == []


def test_a_moving_picture_cut_short_is_named(tmp_path):
    encoded = saved(
        np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), np.uint8),
        "GIF",
    )
    (tmp_path / "cut.gif").write_bytes(encoded[: len(encoded) // 2])
    with pytest.raises(InputError, match=r"`.*cut\.gif` cannot be read"):
        read_timing(tmp_path / "cut.gif")


def test_an_animation_needs_a_format_that_moves(tmp_path):
    with pytest.raises(InputError, match=r"`.*a\.bmp` cannot move: use .gif"):
        write_animation(tmp_path / "a.bmp", flat_frames(), even_timing(4))
    with pytest.raises(InputError, match=r"`.*a\.mp4` names no picture"):
        write_animation(
            tmp_path / "a.mp4", flat_frames(), Timing([1], [1], 0, False)
        )
