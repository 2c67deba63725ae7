import subprocess
import sys

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.live.camera import Camera


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


@pytest.mark.parametrize(
    ("spec", "doubt"),
    [
        ("camera:99", "is a camera of this number there, and free"),
        ("camera:nowhere.mp4", "is a film of this name there"),
    ],
)
def test_no_camera(spec, doubt):
    with pytest.raises(InputError, match=f"`{spec}` gives no picture: {doubt}"):
        Camera(spec)


def test_no_camera_is_said_in_one_line(tmp_path):
    # A process of its own, since OpenCV settles what it prints once.
    done = subprocess.run(
        [
            *(sys.executable, "-m", "multistyle", "video", "camera:99"),
            *("--style_weights=udnie", f"--output={tmp_path / 'out.mp4'}"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert "`camera:99` gives no picture" in done.stderr
