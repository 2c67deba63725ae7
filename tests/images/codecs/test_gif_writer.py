"""What is written of each frame, as bytes say it and as readers show it."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from multistyle.images.codecs.gif_writer import CLEAR, KEEP, write_gif_frames


def written(frames, durations, disposal=KEEP, num_plays=0):
    file = io.BytesIO()
    disposals = [disposal] * len(frames)
    write_gif_frames(file, frames, durations, disposals, num_plays)
    return file.getvalue()


def shown(encoded, mode="RGB"):
    """Returns the frames as readers show them, and their milliseconds."""
    frames, durations = [], []
    with Image.open(io.BytesIO(encoded)) as gif:
        for number in range(gif.n_frames):
            gif.seek(number)
            frames.append(np.asarray(gif.convert(mode)))
            durations.append(gif.info["duration"])
    return np.stack(frames), durations


def moving_square(channels):
    """Nine frames of a square that jumps, each but the first there twice."""
    random = np.random.default_rng(0)
    first = np.zeros((40, 60, channels), np.uint8)
    first[:20] = 255
    frames = [first]
    for _ in range(4):
        frame = frames[-1].copy()
        y, x = random.integers(0, 30, 2)
        frame[y : y + 5, x : x + 9] = [255, 0, 0, 255][:channels]
        frames += [frame, frame]
    return frames


@pytest.mark.parametrize("channels", [3, 4])
def test_what_changes_is_written(channels):
    frames = moving_square(channels)
    encoded = written(frames, [10] * 9)
    again, durations = shown(encoded, "RGBA" if channels == 4 else "RGB")
    np.testing.assert_array_equal(again, frames[::2])
    # What changes nothing adds its time.
    assert durations == [100] + [200] * 4
    images = [Image.fromarray(frame) for frame in frames]
    by_pillow = io.BytesIO()
    images[0].save(
        by_pillow, "GIF", save_all=True, append_images=images[1:], duration=100
    )
    assert len(encoded) < 1.5 * len(by_pillow.getvalue())


def test_what_is_cleared_is_written_again():
    frames = moving_square(4)
    again, durations = shown(written(frames, [10] * 9, CLEAR), "RGBA")
    np.testing.assert_array_equal(again, frames)
    assert durations == [100] * 9


def test_a_frame_that_stays_may_be_followed_by_one_that_is_cleared():
    first = np.zeros((8, 8, 4), np.uint8)
    second = first.copy()
    first[:4] = second[4:] = 255
    file = io.BytesIO()
    write_gif_frames(
        file, [first, first, second], [3, 4, 5], [KEEP, CLEAR, KEEP], 0
    )
    again, durations = shown(file.getvalue(), "RGBA")
    np.testing.assert_array_equal(again, [first, second])
    assert durations == [70, 50]


@pytest.mark.parametrize(("num_plays", "loop"), [(0, 0), (1, None), (3, 2)])
def test_how_often_it_is_shown(num_plays, loop):
    encoded = written(moving_square(3), [10] * 9, num_plays=num_plays)
    with Image.open(io.BytesIO(encoded)) as gif:
        assert gif.info.get("loop") == loop


def test_a_time_that_no_gif_can_say():
    frames = moving_square(3)[:3:2]
    _, durations = shown(written(frames, [100_000, 5]))
    assert durations == [655_350, 50]


@pytest.mark.parametrize("num_colors", [1, 2, 3, 200])
def test_few_colours(num_colors):
    random = np.random.default_rng(num_colors)
    palette = random.integers(0, 256, (num_colors, 3), np.uint8)
    frames = palette[random.integers(0, num_colors, (3, 20, 24))]
    again, _ = shown(written(list(frames), [10] * 3))
    different = [frames[0]] + [
        frame
        for before, frame in itertools.pairwise(frames)
        if (frame != before).any()
    ]
    np.testing.assert_array_equal(again, different)
