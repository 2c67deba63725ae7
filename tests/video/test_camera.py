import subprocess
import sys

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.camera import Camera, StyleKeys, paint_camera
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.film_painter import FilmPainter

STYLES = ["starry_night", "great_wave", "the_scream"]


class _Screen:
    """Takes the pictures, and presses keys that were chosen before."""

    def __init__(self, keys):
        self.keys = list(keys)
        self.shown = []

    def show(self, pixels):
        self.shown.append(pixels)
        return self.keys.pop(0) if self.keys else None


@pytest.fixture
def keys():
    return StyleKeys(np.float32([0, 1, 0]), STYLES, lambda line: None)


def test_a_film_poses_as_a_camera(write_film, scene):
    with Camera(f"camera:{write_film()}") as camera:
        frames = list(camera.frames())
        assert camera.size == (32, 48) and camera.rate == 25
    assert [frame.time for frame in frames] == [40 * n for n in range(12)]
    for frame, pixels in zip(frames, scene(12), strict=True):
        assert np.abs(frame.pixels.astype(int) - pixels).mean() < 6


def test_large_pictures_are_reduced(write_film):
    with Camera(f"camera:{write_film()}", max_size=24) as camera:
        assert camera.size == (16, 24)
        assert next(camera.frames()).pixels.shape == (16, 24, 3)


@pytest.mark.parametrize("spec", ["camera:99", "camera:nowhere.mp4"])
def test_no_camera(spec):
    with pytest.raises(InputError, match=f"`{spec}` gives no picture"):
        Camera(spec)


def test_no_camera_is_said_in_one_line(tmp_path):
    # A process of its own, since OpenCV settles what it prints once.
    done = subprocess.run(
        [
            *(sys.executable, "-m", "multistyle", "video", "camera:99"),
            f"--output={tmp_path / 'out.mp4'}",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert "`camera:99` gives no picture" in done.stderr


def test_it_is_shown_and_recorded(
    write_film, read_film, tmp_path, negative, keys
):
    output = tmp_path / "out.mp4"
    screen = _Screen([])
    painter = FilmPainter(negative, keys.at)
    with (
        Camera(f"camera:{write_film()}") as camera,
        FilmEncoder(output, find_format(output), camera, crf=1) as encoder,
    ):
        assert list(
            paint_camera(camera, painter, keys, screen=screen, encoder=encoder)
        ) == [*range(1, 13)]
    recorded, seconds = read_film(output)
    assert seconds == [round(0.04 * number, 3) for number in range(12)]
    for shown, frame in zip(screen.shown, recorded, strict=True):
        assert np.abs(shown.astype(int) - frame).mean() < 8


def test_keys_choose_the_style_and_end_it(write_film, negative):
    said = []
    keys = StyleKeys(np.float32([0, 1, 0]), STYLES, said.append)
    screen = _Screen([None, "n", "n", "p", "1", "9", "x", "q"])
    with Camera(f"camera:{write_film()}") as camera:
        painter = FilmPainter(negative, keys.at, stability=0)
        assert (
            len(list(paint_camera(camera, painter, keys, screen=screen))) == 8
        )
    painted = [int(np.argmax(weights)) for weights in negative.painted]
    assert painted == [1, 1, 2, 0, 2, 0, 0, 0]
    assert said == [
        "Style: the_scream.",
        "Style: starry_night.",
        "Style: the_scream.",
        "Style: starry_night.",
    ]
