"""GIFs, read back frame by frame."""

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
    read_frames,
    read_timing,
    write_animation,
    write_gif,
)

COLORS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))


def flat_frames(colors=COLORS, size=(6, 10)):
    return [
        np.broadcast_to(np.array(color, np.uint8), (*size, 3))
        for color in colors
    ]


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
    write_gif(tmp_path / "a.gif", frames)
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
    with pytest.raises(ValueError, match=r"\(10, 6\) and \(4, 4\)"):
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
@pytest.mark.parametrize("written", ["gif", "webp"])
@pytest.mark.parametrize("read", ["GIF", "WEBP"])
def test_a_moving_picture_is_kept_as_it_moves(
    tmp_path, read, written, num_plays
):
    frames = moving_picture()
    # A GIF counts the repetitions, a WebP how often it is shown.
    options = {"duration": DURATIONS, "lossless": True, "exact": True}
    if read == "WEBP" or num_plays == 0:
        options["loop"] = num_plays
    elif num_plays > 1:
        options["loop"] = num_plays - 1
    if read == "GIF":
        options["disposal"] = CLEAR
    source = saved(frames, read, **options)
    timing = read_timing(source)
    assert timing == Timing(DURATIONS, [CLEAR] * 4, num_plays, True)
    shown = list(read_frames(source, timing.has_alpha))
    path = tmp_path / f"a.{written}"
    write_animation(path, shown, timing)
    again = read_timing(path)
    assert again == timing
    for frame, made in zip(frames, read_frames(path, True), strict=True):
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
        tmp_path / "a.gif", read_frames(encoded, timing.has_alpha), timing
    )
    for made, frame in zip(
        read_frames(tmp_path / "a.gif", True), expected, strict=True
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
    assert read_timing(saved(moving_picture(), "PNG")) is None


def test_a_moving_picture_cut_short_is_named(tmp_path):
    encoded = saved(
        np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), np.uint8),
        "GIF",
    )
    (tmp_path / "cut.gif").write_bytes(encoded[: len(encoded) // 2])
    with pytest.raises(InputError, match=r"`.*cut\.gif` cannot be read"):
        read_timing(tmp_path / "cut.gif")


def test_an_animation_needs_a_format_that_moves(tmp_path):
    with pytest.raises(InputError, match=r"`.*a\.mp4` names no picture"):
        write_animation(
            tmp_path / "a.mp4", flat_frames(), Timing([1], [1], 0, False)
        )
