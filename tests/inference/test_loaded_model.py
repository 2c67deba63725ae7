"""What is learned for a loaded model, by a reader of known weights."""

import pickle

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.stylizer import Stylizer
from multistyle.learning import kept_rows, learned_rows
from multistyle.learning.learned_rows import Pace
from multistyle.learning.lesson import Lesson
from multistyle.learning.paintings import Paintings
from multistyle.network.transform import TransformNetwork

NIGHT = PAINTINGS_FOLDER / "starry_night.jpg"
WAVE = PAINTINGS_FOLDER / "great_wave.jpg"
PHOTOGRAPH = np.random.default_rng(0).integers(0, 256, (16, 20, 3), np.uint8)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setitem(learned_rows.PACES, "quick", Pace(1, 0.03))


@pytest.fixture
def stylizer(small_model_path, small_reader):
    return Stylizer.load(small_model_path, precision="float32")


def test_a_learned_style_paints_beside_the_others(stylizer):
    grown = stylizer.learn(NIGHT, name="mine", learning="instant")
    assert isinstance(grown, Stylizer)
    assert grown.style_names == [*stylizer.style_names, "mine"]
    for name in stylizer.style_names:
        np.testing.assert_array_equal(
            grown.stylize(PHOTOGRAPH, name), stylizer.stylize(PHOTOGRAPH, name)
        )
    blend = grown.stylize(PHOTOGRAPH, "mine=0.6,great_wave=0.4")
    alone = grown.stylize(PHOTOGRAPH, "mine")
    assert np.abs(alone.astype(int) - blend).max() > 1
    assert grown.network.style_names == grown.style_names


def test_paintings_come_in_every_form(stylizer):
    pixels = np.asarray(Image.open(NIGHT))
    pictures = [
        stylizer.learn(painting, name="x", learning="instant").stylize(
            PHOTOGRAPH, "x"
        )
        for painting in (NIGHT, str(NIGHT), pixels, Image.open(NIGHT))
    ]
    for picture in pictures[1:]:
        np.testing.assert_allclose(picture, pictures[0], atol=1)
    two = stylizer.learn([f"a:{NIGHT}", f"b:{WAVE}"], learning="instant")
    assert two.style_names[-2:] == ["a", "b"]
    one = stylizer.learn([NIGHT, WAVE], name="c", learning="instant")
    assert one.style_names[-1:] == ["c"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "has a style `starry_night` already"),
        ({"name": "my night"}, "try `my_night`"),
        ({"name": "x", "learning": "slow"}, "got `slow`"),
    ],
)
def test_what_is_wrong_gets_a_line(stylizer, options, message):
    with pytest.raises(InputError) as error:
        stylizer.learn(NIGHT, **{"learning": "instant", **options})
    assert message in str(error.value)


def narrow(names):
    return KerasEngine(TransformNetwork(names, width_multiplier=0.1))


def test_the_finisher_learns_when_it_is_needed(
    stylizer, small_network, eager_steps
):
    pair = KerasEngine(small_network, narrow(small_network.style_names))
    grown = Stylizer(engine=pair).learn(NIGHT, name="x", learning="quick")
    finisher = grown.engine.finisher
    assert finisher.style_names == [*small_network.style_names, "x"]
    assert finisher.rows["contract_1"][0].shape == (4, 3)


def test_another_process_can_have_what_was_learned(
    stylizer, small_network, eager_steps
):
    pair = KerasEngine(small_network, narrow(small_network.style_names))
    grown = Stylizer(engine=pair).taught(
        Lesson(Paintings(NIGHT, name="x"), learning="quick"),
        # A function that cannot be pickled, of which it hears nothing.
        finisher_progress=lambda share: None,
    )
    copy = pickle.loads(pickle.dumps(grown))
    np.testing.assert_array_equal(
        copy.stylize(PHOTOGRAPH, "x"), grown.stylize(PHOTOGRAPH, "x")
    )
    for one, other in zip(
        copy.engine.finisher.rows["contract_1"],
        grown.engine.finisher.rows["contract_1"],
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("names", "name"), [(["a"], "x"), (["starry_night", "x"], "x")]
)
def test_a_finisher_that_cannot_learn_leaves_it_to_the_network(
    stylizer, small_network, names, name
):
    # The first has no reader, the second a style of the name.
    pair = KerasEngine(small_network, narrow(names))
    grown = Stylizer(engine=pair).learn(NIGHT, name=name, learning="instant")
    finisher = grown.engine.finisher
    assert finisher.style_names == grown.style_names
    assert finisher.fingerprint == grown.engine.fingerprint
    assert finisher.finisher is None
