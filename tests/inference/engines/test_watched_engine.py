import threading

import numpy as np
import pytest

from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.engines.watched_engine import WatchedEngine


class Ended(Exception):
    pass


def test_it_is_asked_before_each_painting(small_network):
    calls = []
    inner = KerasEngine(small_network)
    engine = WatchedEngine(inner, lambda: calls.append(1))
    image = np.random.default_rng(0).random((16, 20, 3), np.float32)
    weights = np.float32([1, 0, 0])
    np.testing.assert_array_equal(
        engine.paint(image, weights), inner.paint(image, weights)
    )
    _, moments = engine.paint(image, weights, return_moments=True)
    engine.paint(image, weights, moments)
    assert len(calls) == 3
    for name in ("style_names", "fingerprint", "precision", "network"):
        assert getattr(engine, name) == getattr(inner, name)
    assert engine.finisher is None


def test_an_engine_of_one_thread_is_called_by_one(small_network):
    class Alone(KerasEngine):
        runs_in_threads = False

        def paint(self, *arguments):
            assert turn.locked()
            return super().paint(*arguments)

    turn = threading.Lock()
    engine = WatchedEngine(Alone(small_network), lambda: None, turn)
    engine.paint(np.zeros((16, 16, 3), np.float32), np.float32([1, 0, 0]))
    assert not turn.locked()


def test_what_comes_of_it_is_watched_too(small_network):
    def end():
        raise Ended

    inner = KerasEngine(small_network)
    engine = WatchedEngine(inner, end)
    name = {"mine": 1}
    grown = engine.with_styles(
        list(name),
        {layer: (g[:1], b[:1]) for layer, (g, b) in inner.rows.items()},
    )
    assert grown.style_names[-1] == "mine"
    finished = engine.with_finisher(inner)
    for one in (engine, grown, finished, finished.finisher):
        with pytest.raises(Ended):
            one.paint(np.zeros((16, 16, 3), np.float32), np.float32([1, 0, 0]))
