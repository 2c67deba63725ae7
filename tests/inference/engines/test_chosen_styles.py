import numpy as np
import pytest

from multistyle.inference.engines.chosen_styles import ChosenStyles
from multistyle.inference.engines.loading import load_engine
from multistyle.inference.passes.painter import Painter
from multistyle.network.models import find_model
from multistyle.network.rows import mean_row

NAMES = ["udnie", "great_wave"]


@pytest.fixture(scope="module")
def engine():
    return load_engine(find_model("paintings"), precision="float32")


@pytest.fixture
def photograph():
    return np.random.default_rng(0).random((24, 40, 3), np.float32)


def spread(weights, names):
    """Returns weights of `NAMES` as those of all names."""
    columns = [names.index(name) for name in NAMES]
    whole = np.zeros((*weights.shape[:-1], len(names)), np.float32)
    whole[..., columns] = weights
    return whole


@pytest.mark.parametrize("shape", [(), (24, 40)])
def test_it_paints_the_same_picture(engine, photograph, shape):
    weights = np.random.default_rng(1).random((*shape, 2), np.float32)
    chosen = ChosenStyles(engine, NAMES)
    assert chosen.style_names == NAMES
    expected, moments = engine.paint(
        photograph, spread(weights, engine.style_names), None, True
    )
    np.testing.assert_array_equal(chosen.paint(photograph, weights), expected)
    again = chosen.paint(photograph, weights, moments)
    np.testing.assert_allclose(again, expected, atol=1e-5)


def test_coarse_to_fine_by_the_finisher_of_the_same_styles(engine, photograph):
    """Unless that has none of them."""
    weights = np.random.default_rng(1).random((24, 40, 2), np.float32)
    pictures = []
    for each, given in (
        (engine, spread(weights, engine.style_names)),
        (ChosenStyles(engine, NAMES), weights),
    ):
        painter = Painter(each, stroke_scale=2)
        ((_, picture),) = painter.paint(
            photograph, lambda window, given=given: window.of(given)
        )
        pictures.append(picture)
    np.testing.assert_array_equal(*pictures)
    assert ChosenStyles(engine, NAMES).finisher.style_names == NAMES
    grown = engine.with_styles(["mine"], mean_row(engine.rows))
    assert ChosenStyles(grown, ["mine"]).finisher is None
    finisher = ChosenStyles(grown, ["mine", "udnie"]).finisher
    assert finisher.style_names == ["udnie"]
