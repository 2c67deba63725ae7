import pickle

import keras
import numpy as np
import pytest

from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.network.growth import style_rows
from multistyle.network.styles import fingerprint

WEIGHTS = np.array([0.2, 0.3, 0.5], np.float32)
PICTURE = np.random.default_rng(0).random((13, 18, 3), np.float32)


@pytest.fixture(scope="module")
def engine(small_network):
    return KerasEngine(small_network)


@pytest.fixture(scope="module")
def measured(small_network):
    """The network's own picture and moments."""
    inputs = {"image": PICTURE[None], "style_weights": WEIGHTS[None]}
    picture, moments = small_network.measure(inputs)
    to_numpy = keras.ops.convert_to_numpy
    return to_numpy(picture)[0], {
        name: tuple(map(to_numpy, pair)) for name, pair in moments.items()
    }


def test_it_paints_the_network_s_picture(engine, measured):
    picture, moments = measured
    painted, used = engine.paint(PICTURE, WEIGHTS, return_moments=True)
    np.testing.assert_allclose(painted, picture, atol=1e-5)
    assert used.keys() == moments.keys()
    for name, pair in used.items():
        for got, wanted in zip(pair, moments[name], strict=True):
            assert got.shape == wanted.shape
            np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)


def test_given_moments_count(engine, small_network, measured):
    _, moments = measured
    part = PICTURE[:9, :11]
    inputs = {"image": part[None], "style_weights": WEIGHTS[None]}
    expected, _ = small_network.measure(inputs, moments)
    painted = engine.paint(part, WEIGHTS, moments)
    np.testing.assert_allclose(
        painted, keras.ops.convert_to_numpy(expected)[0], atol=1e-5
    )
    assert np.abs(painted - engine.paint(part, WEIGHTS)).max() > 0.01


def test_a_constant_map_is_the_blend(engine, measured):
    weights = np.broadcast_to(WEIGHTS, (*PICTURE.shape[:2], 3))
    _, moments = measured
    for given in (None, moments):
        np.testing.assert_allclose(
            engine.paint(PICTURE, weights, given),
            engine.paint(PICTURE, WEIGHTS, given),
            atol=1e-4,
        )


def test_the_network_is_the_one_given(engine, small_network):
    assert engine.network is small_network
    assert engine.style_names == small_network.style_names


def test_added_styles_leave_the_old_ones_as_they_were(engine, small_network):
    rows = style_rows(small_network, ["the_scream", "starry_night"])
    grown = engine.with_styles(["a", "b"], rows)
    assert grown.style_names == [*engine.style_names, "a", "b"]
    assert engine.fingerprint == grown.fingerprint == fingerprint(small_network)
    painted = [grown.paint(PICTURE, each) for each in np.eye(5, dtype="f")]
    old = [engine.paint(PICTURE, each) for each in np.eye(3, dtype="f")]
    np.testing.assert_array_equal(painted, [*old, old[2], old[0]])


def test_its_rows_are_the_network_s(engine, small_network):
    rows = style_rows(small_network, small_network.style_names)
    assert list(engine.rows) == list(rows)
    for name, pair in rows.items():
        np.testing.assert_array_equal(engine.rows[name], pair)


def test_another_process_can_have_the_same(engine, small_network):
    rows = style_rows(small_network, ["the_scream"])
    grown = engine.with_styles(["a"], rows).with_finisher(engine)
    copy = pickle.loads(pickle.dumps(grown))
    assert copy.style_names == [*engine.style_names, "a"]
    assert copy.fingerprint == engine.fingerprint
    weights = np.float32([0, 0.5, 0, 0.5])
    np.testing.assert_array_equal(
        copy.paint(PICTURE, weights), grown.paint(PICTURE, weights)
    )
    np.testing.assert_array_equal(
        copy.finisher.paint(PICTURE, WEIGHTS), engine.paint(PICTURE, WEIGHTS)
    )
