"""Parts of films: against the whole, with their sound, and stopped."""

import shutil
import subprocess

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.video import film_run
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun
from multistyle.video.parts.cues import read_cues

av = pytest.importorskip("av")


class StrokesEngine:
    """Paints what differs from frame to frame, where the film is the same.

    Each picture gets dots, drawn by its values: as strokes do, they jump.
    """

    finisher = None

    def pixel_bytes(self, has_map):
        return 12

    def paint(self, image, style_weights, moments=None, return_moments=False):
        seed = int(np.abs(image).sum() * 1000) % 2**31
        dots = np.random.default_rng(seed).random(image.shape[:2])
        return (image + 0.1 * (dots[..., None] > 0.5)).clip(0, 1)


@pytest.fixture(autouse=True)
def short_segments(monkeypatch):
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", 4)


def paint(source, output, *, stop=None, stability=0.5, **options):
    """Paints a film, or some frames of it; returns the notes."""
    notes = []
    painter = FilmPainter(
        StrokesEngine(), lambda _: np.ones(1, np.float32), stability=stability
    )
    run = FilmRun(source, output, note=notes.append, **options)
    with run:
        done = run.paint(painter, {"model": "strokes"})
        for count in done:
            if count == stop:
                done.close()
                break
    return notes


def read_frames(folder):
    """Returns {number: picture} of numbered frames."""
    return {
        int(path.stem.rpartition("_")[2]): read_image(path).astype(int)
        for path in folder.glob("*.png")
    }


@pytest.fixture
def film(write_film, scene):
    frames = scene(40, (32, 48), speed=0.5)
    return write_film("film.mkv", frames, "ffv1", "bgr0", sound="pcm_s16le")


@pytest.mark.parametrize("stability", [0, 0.5])
def test_a_part_is_that_of_the_whole_film(film, tmp_path, stability):
    for name in ("whole", "part"):
        (tmp_path / name).mkdir()
    paint(film, tmp_path / "whole" / "f_%d.png", stability=stability)
    paint(
        film,
        tmp_path / "part" / "f_%d.png",
        stability=stability,
        begin="24f",
        end="33f",
    )
    whole, part = (read_frames(tmp_path / n) for n in ("whole", "part"))
    # Frames keep their numbers, which begin at 1.
    assert sorted(part) == list(range(25, 34))
    for number, picture in part.items():
        difference = np.abs(picture - whole[number])
        if not stability:
            assert not difference.any()
        # What was let go before the lead-in may have other strokes.
        assert difference.mean() < 0.5
        # Nothing but the lead-in makes it so.
        assert np.abs(whole[number + 1] - whole[number]).mean() > 1


def test_a_cut_in_the_lead_in_makes_it_equal(write_film, scene, tmp_path):
    first = scene(20, (32, 48), speed=0.5)
    second = [255 - frame[:, ::-1] for frame in scene(20, (32, 48))]
    film = write_film("film.mkv", [*first, *second], "ffv1", "bgr0")
    for name in ("whole", "part"):
        (tmp_path / name).mkdir()
    notes = paint(film, tmp_path / "whole" / "f_%d.png")
    assert notes == ["Scene 2 begins at 0.80 s, frame 20."]
    paint(film, tmp_path / "part" / "f_%d.png", begin="26f")
    whole, part = (read_frames(tmp_path / n) for n in ("whole", "part"))
    assert sorted(part) == list(range(27, 41))
    for number, picture in part.items():
        np.testing.assert_array_equal(picture, whole[number])


def test_a_still_is_the_frame_as_the_film_has_it(film, tmp_path):
    (tmp_path / "whole").mkdir()
    paint(film, tmp_path / "whole" / "f_%d.png")
    paint(film, tmp_path / "still.png", begin="30f")
    whole = read_frames(tmp_path / "whole")
    still = read_image(tmp_path / "still.png").astype(int)
    assert np.abs(still - whole[31]).mean() < 0.5
    assert np.abs(still - whole[30]).mean() > 1
    with pytest.raises(InputError, match="`.*still.png` exists already"):
        paint(film, tmp_path / "still.png", begin="30f")
    with pytest.raises(InputError, match="a picture takes no --crf"):
        paint(film, tmp_path / "other.png", crf=3)
    assert [path.name for path in tmp_path.glob("*.png")] == ["still.png"]


def test_sound_stays_in_step(write_film, scene, tmp_path):
    """A part from 0.4 to 1.2 s has the sound of that time, as another does."""
    film = write_film(
        "film.mov", scene(40), sound="pcm_s16le", options={"g": "5"}.items()
    )
    paint(film, tmp_path / "part.mov", begin=0.4, end=1.2)
    waves = []
    for path in (film, tmp_path / "part.mov"):
        with av.open(str(path)) as container:
            frames = list(container.decode(audio=0))
            start = round(48000 * float(frames[0].time))
            wave = np.concatenate([f.to_ndarray().ravel() for f in frames])
            waves.append(np.concatenate([np.zeros(start, np.int16), wave]))
    whole, part = waves
    # Sound comes in packets, of which the first may begin before.
    lead = np.flatnonzero(part)[0]
    assert lead < 2400 and abs(len(part) - 38400) < 2400
    count = min(len(part), 38400)
    np.testing.assert_array_equal(
        part[lead:count], whole[19200 + lead : 19200 + count]
    )
    frames = list(FilmReader(tmp_path / "part.mov").frames())
    assert [frame.seconds for frame in frames] == pytest.approx(
        [n / 25 for n in range(20)]
    )


def test_a_part_that_is_stopped_goes_on(film, tmp_path):
    """At any moment, to the same frames."""
    (tmp_path / "whole").mkdir()
    paint(film, tmp_path / "whole" / "f_%d.png", begin="22f", end="35f")
    expected = read_frames(tmp_path / "whole")
    for stop in (1, 4, 6, 12):
        folder = tmp_path / str(stop)
        folder.mkdir()
        output = folder / "f_%d.png"
        paint(film, output, begin="22f", end="35f", stop=stop)
        if stop > 4:
            with pytest.raises(InputError, match="`from` was 0.88, now 0.92"):
                paint(film, output, begin="23f", end="35f")
        notes = paint(film, output, begin="22f", end="35f")
        assert len(notes) == (stop > 4)
        found = read_frames(folder)
        assert sorted(found) == sorted(expected) == list(range(23, 36))
        for number, picture in found.items():
            np.testing.assert_array_equal(picture, expected[number])


def test_a_film_under_a_moving_mask_that_is_stopped_goes_on(
    film, write_film, tmp_path
):
    masks = [np.zeros((32, 48, 3), np.uint8) for _ in range(40)]
    for number, mask in enumerate(masks):
        mask[:, :number] = 255
    mask = write_film("mask.mkv", masks, "ffv1", "gray")

    def run(folder, stop=None):
        (tmp_path / folder).mkdir(exist_ok=True)
        with FilmRun(film, tmp_path / folder / "f_%d.png", end="14f") as run:
            cues = read_cues(
                ["dots"], run.reader, mask=f"dots:{mask}", note=print
            )
            engine = StrokesEngine()
            engine.style_names = ["dots"]
            done = run.paint(FilmPainter(engine, cues), cues.options())
            for count in done:
                if count == stop:
                    done.close()
                    break
        return read_frames(tmp_path / folder)

    expected = run("whole")
    for stop in (6, 13):
        run(str(stop), stop)
        found = run(str(stop))
        assert sorted(found) == sorted(expected) == list(range(1, 15))
        for number, picture in found.items():
            np.testing.assert_array_equal(picture, expected[number])


def test_the_timecode_of_a_part(write_film, scene, tmp_path):
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg is installed, which writes the timecode")
    film = tmp_path / "film.mov"
    plain = write_film("plain.mov", scene(40))
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-i", str(plain), "-c", "copy"),
            *("-timecode", "09:59:59:20", str(film)),
        ],
        check=True,
    )
    assert FilmReader(film).timecode == "09:59:59:20"
    paint(film, tmp_path / "part.mov", begin="10:00:00:05", end="10:00:00:15")
    part = FilmReader(tmp_path / "part.mov")
    assert part.timecode == "10:00:00:05" and part.num_frames == 10
    with pytest.raises(InputError, match="lies before the film's first frame"):
        paint(film, tmp_path / "other.mov", begin="00:00:00:05")
