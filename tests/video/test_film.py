import json

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.engines import precision as precisions
from multistyle.inference.stylizer import Stylizer
from multistyle.learning import kept_rows
from multistyle.learning.lesson import Lesson
from multistyle.learning.paintings import Paintings
from multistyle.network.models import identify_model
from multistyle.video import film_run
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.film_file import FilmFile
from multistyle.video.film import paint_film

pytest.importorskip("av")


def test_a_film_by_one_call(write_film, tmp_path, small_model_path):
    film, output = write_film(), tmp_path / "out.webm"
    notes, counts = [], []
    outcome = paint_film(
        film,
        output,
        keyframes="0s:starry_night; 0.4s:great_wave=1,starry_night=1",
        model=small_model_path,
        precision="float32",
        strength=0.5,
        max_size=24,
        note=notes.append,
        progress=lambda *counted: counts.append(counted),
    )
    assert len(list(FilmReader(output).frames())) == 12
    assert FilmReader(output).size == (16, 24)
    assert notes == [] and counts == [(n, 12) for n in range(1, 13)]
    assert json.loads(json.dumps(outcome)) == outcome
    assert outcome.pop("model") == identify_model(small_model_path)
    assert outcome == {
        "input": str(film),
        "output": str(output),
        "num_frames": 12,
        "scenes": [{"frame": 0, "seconds": 0}],
        "precision": "float32",
        "keyframes": {
            "0s": {"starry_night": 1},
            "0.4s": {"great_wave": 0.5, "starry_night": 0.5},
        },
        "stability": 0.5,
        "strength": 0.5,
        "keep_colors": "none",
        "strokes": "fitted",
    }


def test_a_stopped_film_keeps_its_precision_and_its_strokes(
    write_film, tmp_path, small_model_path, monkeypatch
):
    """Also where auto would take another one now."""
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", 4)
    film, output = write_film(), tmp_path / "out.mp4"
    options = {"style_weights": "great_wave", "model": small_model_path}

    def stop(done, total):
        if done == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint_film(
            film,
            output,
            precision="float32",
            strokes="pixels",
            progress=stop,
            **options,
        )
    monkeypatch.setattr(precisions, "has_bfloat16", lambda: True)
    with pytest.raises(InputError) as caught:
        paint_film(film, output, strokes="fitted", **options)
    assert '`strokes` was "pixels", now "fitted"' in str(caught.value)
    notes = []
    outcome = paint_film(film, output, note=notes.append, **options)
    assert outcome["precision"] == "float32"
    assert outcome["strokes"] == "pixels"
    assert notes == ["Going on after 2 finished segments."]


def test_a_film_that_was_painted_whole_has_as_many_frames(
    write_film, tmp_path, small_model_path, monkeypatch
):
    """It was stopped as its segments were joined; the last has two frames."""
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", 5)
    film, output = write_film(), tmp_path / "out.mp4"
    options = {"style_weights": "great_wave", "model": small_model_path}

    def stop(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FilmFile, "complete", stop)
        with pytest.raises(KeyboardInterrupt):
            paint_film(film, output, **options)
    assert not output.exists()
    counts = []
    outcome = paint_film(
        film,
        output,
        progress=lambda *counted: counts.append(counted),
        **options,
    )
    assert outcome["num_frames"] == len(list(FilmReader(output).frames())) == 12
    assert counts == [(12, 12)]


def test_a_cut_before_the_end_is_a_scene(
    write_film, shots, tmp_path, small_model_path
):
    """No frame after it says that it was no flash."""
    film = write_film(frames=[*shots(0, 6), *shots(1, 2)])
    options = {"style_weights": "great_wave", "model": small_model_path}
    output = tmp_path / "out.mp4"
    notes = []
    foreseen, painted = (
        paint_film(film, output, dry_run=dry_run, note=notes.append, **options)
        for dry_run in (True, False)
    )
    expected = [{"frame": 0, "seconds": 0}, {"frame": 6, "seconds": 0.24}]
    assert foreseen["scenes"] == painted["scenes"] == expected
    assert notes == ["Scene 2 begins at 0.24 s, frame 6."]


def test_a_film_in_a_painting(
    write_film, tmp_path, small_model_path, small_reader, monkeypatch
):
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", 4)
    film, output = write_film(), tmp_path / "out.mp4"
    night = PAINTINGS_FOLDER / "starry_night.jpg"

    def paint(painting=night, **options):
        paintings = Paintings(painting, name="mine")
        return paint_film(
            film,
            output,
            style_images=Lesson(paintings, learning="instant"),
            model=small_model_path,
            precision="float32",
            **options,
        )

    def stop(done, total):
        if done == 9:
            raise KeyboardInterrupt

    with pytest.raises(InputError, match="no style `mien`; did you mean"):
        paint(style_weights="mien")
    assert not (tmp_path / "cache").exists()
    with pytest.raises(KeyboardInterrupt):
        paint(progress=stop)
    with pytest.raises(InputError, match="style_images"):
        paint(PAINTINGS_FOLDER / "great_wave.jpg")
    outcome = paint()
    assert outcome["keyframes"] == {"0s": {"mine": 1}}
    assert outcome["learning"] == "instant"
    assert outcome["style_images"] == Paintings(night, name="mine").digests
    frame, photograph = (
        next(FilmReader(path).frames()).pixels for path in (output, film)
    )
    stylizer = Stylizer.load(small_model_path, precision="float32")
    taught = stylizer.learn(night, name="mine", learning="instant")
    errors = {
        name: np.abs(
            frame - taught.stylize(photograph, name).astype(int)
        ).mean()
        for name in taught.style_names
    }
    # A film is packed with a loss.
    assert min(errors, key=errors.get) == "mine"


def test_a_part_of_a_film_by_keyframes_and_a_mask(
    write_film, tmp_path, small_model_path
):
    """What is said of it, and what stands in the manifest."""
    film, output = write_film(), tmp_path / "out_%d.png"
    mask = np.zeros((32, 48), np.uint8)
    mask[:, :24] = 255
    outcome = paint_film(
        film,
        output,
        style_weights="great_wave",
        keyframes="2f:strength=0.5 mask=0.5 hold; 0.2s:strength=1 mask=1",
        mask=mask,
        begin="00:00:00:02",
        end="0.32s",
        stability=0,
        model=small_model_path,
        precision="float32",
    )
    assert outcome["num_frames"] == 6
    assert (outcome["from"], outcome["to"]) == (0.08, 0.32)
    assert outcome["keyframes"] == {"0s": {"great_wave": 1}}
    assert outcome["settings"] == {
        "0.08s": {"strength": 0.5, "mask": 0.5, "ease": "hold"},
        "0.2s": {"strength": 1, "mask": 1},
    }
    assert list(outcome["mask"]) == [""]
    stylizer = Stylizer.load(small_model_path, precision="float32")
    before = [frame.pixels for frame in FilmReader(film).frames()]
    # They keep their numbers.
    assert len(list(tmp_path.glob("out_*.png"))) == 6
    for number in range(2, 8):
        painted = read_image(tmp_path / f"out_{number + 1}.png")
        strength = np.where(mask, 0.25 if number < 5 else 1, 0)
        expected = stylizer.stylize(
            before[number], "great_wave", strength=strength.astype(np.float32)
        )
        np.testing.assert_array_equal(painted, expected)
        np.testing.assert_array_equal(painted[:, 24:], before[number][:, 24:])


def test_a_gradient_and_a_mask_for_each_style(
    write_film, scene, tmp_path, small_model_path
):
    """As photographs are painted, and held still."""
    film = write_film(frames=scene(1) * 7)
    left = np.tile(np.linspace(1, 0, 48, dtype=np.float32), (32, 1))
    masks = {"great_wave": left, "the_scream": 1 - left}
    stylizer = Stylizer.load(small_model_path, precision="float32")
    photograph = next(FilmReader(film).frames()).pixels
    for number, (options, region) in enumerate(
        [
            ({"mask": masks}, stylizer.region(mask=masks)),
            (
                {"gradient": "great_wave>the_scream:horizontal"},
                stylizer.region(gradient="great_wave>the_scream:horizontal"),
            ),
        ]
    ):
        output = tmp_path / f"{number}_%d.png"
        paint_film(
            film,
            output,
            model=small_model_path,
            precision="float32",
            **options,
        )
        expected = stylizer.stylize(photograph, region).astype(int)
        for path in tmp_path.glob(f"{number}_*.png"):
            assert np.abs(read_image(path) - expected).max() <= 1


def test_one_blend_is_what_its_name_says(
    write_film, tmp_path, small_model_path
):
    film = write_film()
    pictures = []
    for number, weights in enumerate(({"great_wave": 1}, "great_wave")):
        output = tmp_path / f"{number}.mp4"
        paint_film(film, output, style_weights=weights, model=small_model_path)
        pictures.append([frame.pixels for frame in FilmReader(output).frames()])
    np.testing.assert_array_equal(*pictures)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "Say what to paint, by `style_weights`, `keyframes`, `mask`"),
        (
            {"style_weights": "great_wave", "keyframes": "0s:great_wave"},
            "Styles are given by .*; got `style_weights, keyframes`.",
        ),
        ({"keyframes": "0s:strength=0.5"}, "Styles are given by.*got `none`"),
        (
            {"style_weights": "great_wave", "keyframes": "0s:mask=0.5"},
            "The keyframes set `mask`, and there is no such mask",
        ),
        (
            {"style_weights": np.full((32, 48, 60), 1 / 60)},
            "Style weights of|A film is painted in one blend",
        ),
        (
            {"style_weights": "great_wave", "begin": 3},
            "no frame from 3.00 s on in `.*`, which is 0.48 s long",
        ),
        (
            {"style_weights": "great_wave", "begin": "0.2s", "end": "5f"},
            "Nothing lies from `0.2s` to `5f`: give --to a time after --from",
        ),
        ({"style_weights": "great_wave", "end": "soon"}, "got `soon`"),
        ({"style_weights": "great_wav"}, "no style `great_wav`.*great_wave"),
        ({"style_weights": "great_wave", "strength": 2}, "`2`"),
        ({"style_weights": "great_wave", "model": "nowhere"}, "`nowhere`"),
        ({"style_weights": "great_wave", "crf": 99}, "`99` is no --crf of"),
    ],
)
def test_what_is_wrong_leaves_nothing_behind(
    write_film, tmp_path, small_model_path, options, message
):
    film = write_film()
    with pytest.raises(InputError, match=message):
        paint_film(
            film, tmp_path / "out.mp4", **{"model": small_model_path, **options}
        )
    assert list(tmp_path.glob("*out*")) == []
