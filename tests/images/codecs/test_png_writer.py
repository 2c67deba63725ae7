"""Chunks put into a PNG, and the frames of one that moves."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from multistyle.images.codecs.png_writer import add_details, write_png_frames

MAKE = 0x010F


def exif():
    data = Image.Exif()
    data[MAKE] = "Kamera"
    return data.tobytes()


def noise(channels, count=3):
    random = np.random.default_rng(channels)
    return random.integers(0, 256, (count, 20, 24, channels), np.uint8)


def test_details_are_added_to_a_png():
    (pixels,) = noise(3, 1)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    plain = file.getvalue()
    assert add_details(plain) == plain
    encoded = add_details(plain, exif=exif(), resolution=(300, 150))
    # Pillow checks the sums of all chunks.
    with Image.open(io.BytesIO(encoded)) as image:
        np.testing.assert_array_equal(np.asarray(image), pixels)
        assert image.getexif()[MAKE] == "Kamera"
        assert image.info["dpi"] == pytest.approx((300, 150), abs=0.02)


@pytest.mark.parametrize("channels", [3, 4])
def test_frames_are_read_back(channels):
    frames = noise(channels)
    file = io.BytesIO()
    write_png_frames(
        file,
        frames,
        [40, 1234, 100_000],
        7,
        exif=exif(),
        resolution=(72, 72),
    )
    with Image.open(file) as image:
        assert (image.format, image.n_frames) == ("PNG", 3)
        assert image.info["loop"] == 7
        assert image.getexif()[MAKE] == "Kamera"
        assert image.info["dpi"] == pytest.approx((72, 72), abs=0.02)
        for number, duration in enumerate((40, 1234, 65_535)):
            image.seek(number)
            assert image.info["duration"] == duration
            np.testing.assert_array_equal(np.asarray(image), frames[number])


def test_the_first_frame_is_what_other_readers_show():
    frames = noise(3)
    file = io.BytesIO()
    write_png_frames(file, frames, [40] * 3, 0)
    encoded = np.frombuffer(file.getvalue(), np.uint8)
    read = cv2.imdecode(encoded, cv2.IMREAD_COLOR)[..., ::-1]
    np.testing.assert_array_equal(read, frames[0])
