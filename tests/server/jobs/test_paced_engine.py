import numpy as np
import pytest

from multistyle.inference.engines.loading import load_engine
from multistyle.network.models import find_model
from multistyle.server.jobs.efforts import Paces
from multistyle.server.jobs.paced_engine import PacedEngine


@pytest.fixture(scope="module")
def paced():
    engine = load_engine(find_model("paintings"))
    return PacedEngine(engine, lambda: None, Paces())


def test_it_paints_as_the_engine_and_notes_the_time(paced):
    image = np.random.default_rng(0).random((24, 32, 3), np.float32)
    weights = np.eye(len(paced.style_names), dtype=np.float32)[1]
    engine = load_engine(find_model("paintings"))
    painted = paced.paint(image, weights)
    np.testing.assert_array_equal(painted, engine.paint(image, weights))
    assert paced._paces.of(paced.fingerprint) > 0


def test_a_pace_is_tried_out_where_it_is_asked_for():
    paces = Paces()
    engine = load_engine(find_model("paintings"))
    paced = PacedEngine(engine, lambda: None, paces)
    paced.try_out([engine.fingerprint])
    assert paces.of(engine.fingerprint) > 0
    finisher = engine.finisher.fingerprint
    assert finisher != engine.fingerprint and paces.of(finisher) is None
    known = paces.of(engine.fingerprint)
    paced.try_out([engine.fingerprint, finisher])
    assert paces.of(finisher) > 0
    assert paces.of(engine.fingerprint) == known
