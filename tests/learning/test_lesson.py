import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.learning import kept_rows, learned_rows
from multistyle.learning import lesson as lessons
from multistyle.learning.learned_rows import Pace
from multistyle.learning.lesson import Lesson
from multistyle.learning.paintings import Paintings
from multistyle.learning.statistics import painting_statistics
from multistyle.network.rows import (
    digest_rows,
    mean_row,
    round_rows,
    single_rows,
)

WAVE = PAINTINGS_FOLDER / "great_wave.jpg"
NIGHT = PAINTINGS_FOLDER / "starry_night.jpg"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache, and one step a painting."""
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setitem(learned_rows.PACES, "quick", Pace(1, 0.03))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def model(small_network):
    return KerasEngine(small_network)


def look(spec, **options):
    return Lesson(Paintings(spec, **options), learning="instant")


def assert_equal(rows, others):
    assert list(rows) == list(others)
    for name, pair in rows.items():
        for mine, theirs in zip(pair, others[name], strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_a_painting_is_learned_once(model, small_reader, monkeypatch):
    shares = []
    rows = look(f"x:{WAVE}").learn(model, progress=shares.append)
    assert shares == [0, 1]
    statistics = painting_statistics([np.asarray(Image.open(WAVE))])
    assert_equal(rows, round_rows(small_reader.read(statistics)))
    monkeypatch.setattr(lessons, "learn_rows", None)
    # Under another name or from another file it is the same painting.
    for again in (f"y:{WAVE}", WAVE):
        assert_equal(look(again).learn(model, progress=shares.append), rows)
    assert shares == [0, 1]


def test_only_what_is_new_is_learned(model, small_reader, monkeypatch):
    wave = look(WAVE).learn(model)
    learned = []

    def learn_rows(model, paintings, **options):
        learned.append([len(works) for works in paintings])
        return learned_rows.learn_rows(model, paintings, **options)

    monkeypatch.setattr(lessons, "learn_rows", learn_rows)
    night, again = single_rows(look([NIGHT, WAVE]).learn(model))
    assert learned == [[1]]
    assert_equal(again, wave)
    assert digest_rows(night) != digest_rows(wave)
    both = look([NIGHT, WAVE], name="x").learn(model)
    assert learned == [[1], [2]]
    assert len({digest_rows(row) for row in (both, night, wave)}) == 3


def test_learning_twice_gives_the_same_row(model, cache, eager_steps):
    lesson = Lesson(Paintings(WAVE), learning="quick")
    first = lesson.learn(model)
    assert digest_rows(first) != digest_rows(mean_row(model.rows))
    (kept,) = (cache / "rows").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])  # It is damaged.
    assert_equal(lesson.learn(model), first)
    assert kept.stat().st_size > 1000


def test_what_decides_is_recorded_and_keyed(model, small_reader, cache):
    paintings = Paintings([NIGHT, WAVE])
    quick = Lesson(paintings, learning="quick").options(model)
    assert quick == {
        "style_images": paintings.digests,
        "learning": "quick",
        "learner": learned_rows.VERSION,
        "reader": small_reader.digest,
        "loss_network": "pocket",
    }
    instant = look([NIGHT, WAVE])
    assert instant.options(model, ["great_wave"]) == {
        "style_images": {"great_wave": paintings.digests["great_wave"]},
        "learning": "instant",
        "learner": learned_rows.VERSION,
        "reader": small_reader.digest,
    }
    instant.learn(model)
    assert len(list((cache / "rows").iterdir())) == 2


def test_without_a_reader_other_rows_are_another_beginning(model):
    lesson = Lesson(Paintings(WAVE))
    grown = model.with_styles(["x"], mean_row(model.rows))
    first = next(iter(single_rows(model.rows)))
    other = model.with_styles(["x"], first)
    options = [lesson.options(m)["rows"] for m in (model, grown, other)]
    assert len(set(options)) == 3


@pytest.mark.parametrize(
    ("count", "loss_network", "has_reader", "learning"),
    [
        (1, None, True, "quick"),
        (3, None, True, "quick"),
        (4, None, True, "instant"),
        (4, "vgg16", True, "quick"),
        (4, None, False, "quick"),
    ],
)
def test_how_it_is_learned_unless_it_is_said(
    model, monkeypatch, count, loss_network, has_reader, learning
):
    monkeypatch.setattr(lessons, "can_read", lambda fingerprint: has_reader)
    paintings = Paintings([f"x{i}:{WAVE}" for i in range(count)])
    lesson = Lesson(paintings, loss_network=loss_network)
    assert lesson.learning(model) == learning
    thorough = Lesson(paintings, learning="thorough")
    assert thorough.learning(model) == "thorough"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning": "slow"}, "one of instant, quick, thorough; got `slow`"),
        ({"loss_network": "vgg"}, "one of vgg16, pocket; got `vgg`"),
        (
            {"learning": "instant", "loss_network": "vgg16"},
            "leave `loss_network` out",
        ),
        ({"vgg_weights": "x.h5"}, "go with the judge `vgg16`"),
    ],
)
def test_wrong_options_get_a_line(options, message):
    with pytest.raises(InputError) as error:
        Lesson(Paintings(WAVE), **options)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_vgg16_takes_longer():
    lessons = [Lesson(Paintings(WAVE), loss_network=n) for n in (None, "vgg16")]
    for learning, seconds in (("quick", [10, 20]), ("instant", [1, 1])):
        assert [lesson.seconds(learning) for lesson in lessons] == seconds


def test_instant_without_a_reader_gets_a_line(model):
    shares = []
    with pytest.raises(InputError, match="--learning=quick"):
        Lesson(Paintings(WAVE), learning="instant").learn(
            model, progress=shares.append
        )
    assert not shares  # Else it would be said that it is learned.


def test_a_name_that_is_there_is_refused(model):
    with pytest.raises(InputError) as error:
        Lesson(Paintings(WAVE)).check_names(model.style_names)
    assert "has a style `great_wave` already" in str(error.value)
    assert f"`NAME:{WAVE}`" in str(error.value)


LEARN = """
import sys
from multistyle.inference.engines.openvino.engine import OpenVINOEngine
from multistyle.learning import kept_rows, lesson, reader
from multistyle.learning.paintings import Paintings
from pathlib import Path

path, readers, cache, painting = map(Path, sys.argv[1:])
kept_rows.cache_folder = lambda: cache
reader.READERS_FOLDER = readers
engine = OpenVINOEngine(path)
for learning in ("instant", "quick"):
    lesson.Lesson(Paintings(painting), learning=learning).learn(engine)
    print(learning, "keras" in sys.modules)
"""


def test_a_look_and_a_kept_row_need_no_keras(
    model, small_reader, small_model_path, tmp_path, cache, eager_steps
):
    pytest.importorskip("openvino")
    Lesson(Paintings(WAVE), learning="quick").learn(model)
    arguments = [small_model_path, tmp_path / "readers", cache, WAVE]
    done = subprocess.run(
        [sys.executable, "-c", LEARN, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["instant", "False", "quick", "False"]
