import functools
import pickle

import numpy as np
import pytest

from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.engines.later_engine import LaterEngine
from multistyle.inference.engines.loading import load_engine


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


def test_another_process_loads_it_when_it_needs_it(small_model_path, tmp_path):
    path = tmp_path / "model.keras"
    load = functools.partial(load_engine, path, precision="float32")
    later = LaterEngine(load)
    copies = [
        pickle.loads(pickle.dumps(each))
        for each in (later, later.with_finisher(later))
    ]
    # Nothing was loaded yet.
    path.write_bytes(small_model_path.read_bytes())
    image = np.random.default_rng(0).random((24, 32, 3), np.float32)
    weights = np.float32([1, 0, 0])
    expected = load_engine(path, precision="float32").paint(image, weights)
    for copy in (copies[0], copies[1], copies[1].finisher):
        np.testing.assert_array_equal(copy.paint(image, weights), expected)
