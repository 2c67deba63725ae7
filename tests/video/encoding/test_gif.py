import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.encoding.gif import write_gif

pytest.importorskip("av")


class Source:
    time_base = Fraction(1, 1000)
    rate = Fraction(25)
    sample_aspect_ratio = Fraction(1)

    def __init__(self, size):
        self.size = size


def write_segments(folder, frames, times, length):
    """Writes segments of `length` frames each; returns their paths."""
    source = Source(frames[0].shape[:2])
    paths = []
    for start in range(0, len(frames), length):
        paths.append(folder / f"{start:05}.nut")
        with FilmEncoder(
            paths[-1], find_format("a.gif"), source, container="nut"
        ) as encoder:
            for frame, time in zip(
                frames[start : start + length],
                times[start : start + length],
                strict=True,
            ):
                encoder.write(frame, time)
    return paths


def test_what_stands_still_does_not_flicker(tmp_path):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, (32, 48, 3), np.uint8) for _ in range(6)]
    for frame in frames:
        frame[:, :24] = frames[0][:, :24]
    segments = write_segments(tmp_path, frames, range(0, 240, 40), 4)
    write_gif(tmp_path / "out.gif", segments)
    with Image.open(tmp_path / "out.gif") as animation:
        assert animation.n_frames == 6 and animation.info["loop"] == 0
        shown = []
        for number in range(6):
            animation.seek(number)
            assert animation.info["duration"] == 40
            shown.append(np.asarray(animation.convert("RGB")))
    for picture in shown[1:]:
        np.testing.assert_array_equal(picture[:, :24], shown[0][:, :24])


def test_frames_that_come_too_fast_are_thinned_out(tmp_path):
    frames = [np.full((16, 16, 3), 20 * n, np.uint8) for n in range(10)]
    segments = write_segments(tmp_path, frames, range(0, 100, 10), 10)
    write_gif(tmp_path / "out.gif", segments)
    with Image.open(tmp_path / "out.gif") as animation:
        assert animation.n_frames == 5


MEASURE = """
import sys
from multistyle.video.encoding.gif import write_gif

# `ru_maxrss` would begin with that of the process which started this one.
def most():
    with open("/proc/self/status") as status:
        (line,) = (x for x in status if x.startswith("VmHWM"))
    return int(line.split()[1])

write_gif(sys.argv[1], sys.argv[2:3] * 2)
before = most()
write_gif(sys.argv[1], sys.argv[2:3] * 30)
print(most() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it asks Linux")
def test_memory_does_not_grow_with_the_film(tmp_path):
    frames = [np.zeros((480, 640, 3), np.uint8)] * 2
    (segment,) = write_segments(tmp_path, frames, [0, 40], 2)
    grown = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "out.gif", segment],
        check=True,
        capture_output=True,
    ).stdout
    # Of 56 more frames, each of which has 1,200 KB.
    assert int(grown) < 10 * 1200
