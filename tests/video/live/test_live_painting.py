import numpy as np
import pytest

from multistyle.video.film_painter import FilmPainter
from multistyle.video.live.camera import Camera
from multistyle.video.live.keys import StyleKeys
from multistyle.video.live.live_painting import pace, paint_camera
from multistyle.video.live.recorder import Recorder

STYLES = ["starry_night", "great_wave", "the_scream"]


class _Screen:
    """Takes the pictures, and presses keys that were chosen before."""

    def __init__(self, keys):
        self.keys = list(keys)
        self.shown = []
        self.captions = []

    def show(self, pixels, caption):
        self.shown.append(pixels)
        self.captions.append(caption)
        return self.keys.pop(0) if self.keys else None


class _Writer:
    def __init__(self):
        self.pictures = []

    def write(self, pixels, time, alpha=None):
        self.pictures.append(pixels)


@pytest.fixture
def keys():
    return StyleKeys(np.float32([0, 1, 0]), STYLES, lambda line: None)


def test_it_is_shown_recorded_and_handed_on(
    write_film, read_film, tmp_path, negative, keys
):
    output = tmp_path / "out.mp4"
    screen, writer = _Screen([]), _Writer()
    painter = FilmPainter(negative, keys.at)
    keys.is_recording = True
    with (
        Camera(f"camera:{write_film()}") as camera,
        Recorder(output, camera, crf=1, say=print) as recorder,
    ):
        assert list(
            paint_camera(
                camera,
                painter,
                keys,
                screen=screen,
                recorder=recorder,
                writers=[writer],
            )
        ) == [*range(1, 13)]
    recorded, seconds = read_film(output)
    assert seconds == [round(0.04 * number, 3) for number in range(12)]
    for shown, frame, handed in zip(
        screen.shown, recorded, writer.pictures, strict=True
    ):
        assert np.abs(shown.astype(int) - frame).mean() < 8
        assert handed is shown
    assert screen.captions[0].splitlines() == [
        "0.0 frames a second   ● out.mp4",
        "> great_wave    ██████████ 100 %",
    ]
    assert float(screen.captions[-1].split()[0]) > 0


def test_keys_choose_the_style_and_end_it(write_film, negative, keys):
    screen = _Screen([None, "n", "n", "p", "1", "9", "x", "q"])
    with Camera(f"camera:{write_film()}") as camera:
        painter = FilmPainter(negative, keys.at, stability=0)
        assert (
            len(list(paint_camera(camera, painter, keys, screen=screen))) == 8
        )
    painted = [int(np.argmax(weights)) for weights in negative.painted]
    assert painted == [1, 1, 2, 0, 2, 0, 0, 0]


def test_a_key_begins_and_ends_recordings(
    write_film, read_film, tmp_path, negative, keys
):
    screen = _Screen([None, "r", None, None, "r", None, "r", None, None])
    said = []
    with (
        Camera(f"camera:{write_film()}") as camera,
        Recorder(tmp_path / "me.mp4", camera, say=said.append) as recorder,
    ):
        painter = FilmPainter(negative, keys.at, stability=0)
        list(
            paint_camera(
                camera, painter, keys, screen=screen, recorder=recorder
            )
        )
    first, second = tmp_path / "me.mp4", tmp_path / "me_2.mp4"
    assert recorder.paths == [first, second]
    assert read_film(first)[1] == [0, 0.04, 0.08]
    assert read_film(second)[1] == [round(0.04 * n, 3) for n in range(5)]
    assert said == [
        f"Recording `{first}`.",
        f"Recorded `{first}`.",
        f"Recording `{second}`.",
        f"Recorded `{second}`.",
    ]
    assert [c.splitlines()[0].partition("●")[2] for c in screen.captions] == [
        *["", "", " me.mp4", " me.mp4", " me.mp4", "", ""],
        *[" me_2.mp4"] * 5,
    ]


def test_the_pace():
    assert pace([3.0]) == 0
    assert pace([3.0, 3.5, 4.0]) == pytest.approx(2)
