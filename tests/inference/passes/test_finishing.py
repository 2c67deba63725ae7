import numpy as np
import pytest

from multistyle.images.tiles import Window
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.passes.finishing import choose_finisher
from multistyle.network.transform import TransformNetwork

SIZE = (20, 30)
WINDOW = Window(2, 5, 3, 9)


def network(*names):
    return TransformNetwork(names, width_multiplier=0.05)


@pytest.fixture(scope="module")
def engine():
    finisher = KerasEngine(network("c", "a", "other"))
    return KerasEngine(network("a", "b", "c"), finisher)


def choose(engine, weights):
    """Gives weights [3] or [H, W, 3] for a picture of SIZE."""
    weights = np.asarray(weights, np.float32)

    def weights_of(window):
        return weights if weights.ndim == 1 else window.of(weights)

    return choose_finisher(engine, weights_of, weights_of, SIZE)


def test_without_a_finisher_a_network_finishes_by_itself(engine):
    alone = engine.with_finisher(None)
    chosen, weights_of = choose(alone, [0.5, 0, 0.5])
    assert chosen is alone
    np.testing.assert_array_equal(weights_of(WINDOW), [0.5, 0, 0.5])


def test_styles_are_known_by_name(engine):
    chosen, weights_of = choose(engine, [0.75, 0, 0.25])
    assert chosen is engine.finisher
    np.testing.assert_array_equal(weights_of(WINDOW), [0.25, 0.75, 0])
    grid = np.zeros((*SIZE, 3))
    grid[..., 0], grid[..., 2] = 0.1, 0.9
    chosen, weights_of = choose(engine, grid)
    assert chosen is engine.finisher
    expected = np.broadcast_to(np.float32([0.9, 0.1, 0]), (3, 6, 3))
    np.testing.assert_array_equal(weights_of(WINDOW), expected)


def test_a_style_that_the_finisher_lacks_is_finished_by_the_network(engine):
    chosen, weights_of = choose(engine, [0.9, 0.1, 0])
    assert chosen is engine
    np.testing.assert_array_equal(weights_of(WINDOW), np.float32([0.9, 0.1, 0]))
    grid = np.zeros((*SIZE, 3))
    grid[..., 0] = 1
    grid[19, 29] = [0, 1, 0]
    chosen, weights_of = choose(engine, grid)
    assert chosen is engine
    np.testing.assert_array_equal(weights_of(WINDOW), WINDOW.of(grid))
