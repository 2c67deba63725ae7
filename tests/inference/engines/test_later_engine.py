import numpy as np
import pytest

from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.engines.later_engine import LaterEngine


@pytest.fixture
def engine(small_network):
    return KerasEngine(small_network)


def test_it_is_loaded_once_and_when_it_is_needed(engine):
    calls = []

    def load():
        calls.append(engine)
        return engine

    later = LaterEngine(load)
    assert calls == []
    assert later.style_names == engine.style_names
    assert later.network is engine.network
    assert later.fingerprint == engine.fingerprint
    assert later.runs_in_threads == engine.runs_in_threads
    assert later.pixel_bytes(True) == engine.pixel_bytes(True)
    image = np.random.default_rng(0).random((24, 32, 3), np.float32)
    weights = np.float32([1, 0, 0])
    picture, moments = later.paint(image, weights, return_moments=True)
    np.testing.assert_array_equal(picture, engine.paint(image, weights))
    np.testing.assert_array_equal(
        later.paint(image, weights, moments),
        engine.paint(image, weights, moments),
    )
    assert calls == [engine]


def test_it_is_extended_without_being_loaded(engine):
    calls = []

    def load():
        calls.append(engine)
        return engine

    rows = {name: (g[:1], b[:1]) for name, (g, b) in engine.rows.items()}
    grown = LaterEngine(load).with_styles(["again"], rows)
    assert calls == []
    assert grown.style_names == [*engine.style_names, "again"]
    for table, (gamma, _) in grown.rows.items():
        np.testing.assert_array_equal(gamma[-1], rows[table][0][0])
    other = LaterEngine(load)
    assert LaterEngine(load).with_finisher(other).finisher is other
    assert LaterEngine(load).finisher is None
