"""GIFs, read back frame by frame."""

import os

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.animation import write_gif

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
