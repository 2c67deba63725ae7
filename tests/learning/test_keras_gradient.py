import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.learning.keras_gradient import KerasRowGradient
from multistyle.learning.photographs import crops
from multistyle.network.growth import style_rows
from multistyle.network.rows import join_layers
from multistyle.perceptual.pocket import load_pocket


@pytest.fixture(scope="module")
def gradient(small_network):
    found = KerasRowGradient(small_network, load_pocket(), dtype="float32")
    found.aim_at([read_image(PAINTINGS_FOLDER / "great_wave.jpg")])
    return found


@pytest.fixture(scope="module")
def row(small_network):
    rows = style_rows(small_network, ["the_scream"])
    return np.concatenate(join_layers(rows), axis=1)


def loss(gradient, row):
    trainer = gradient._trainer
    trainer.row.assign(row)
    trainer.offset.assign(np.zeros_like(row))
    batch = {"image": crops()[3:4]}
    return float(trainer.compute_loss(x=batch, y_pred=trainer(batch)))


def test_it_is_the_slope_of_the_loss(gradient, row):
    slope = gradient(row, 3)
    step = 1e-3 * slope / np.linalg.norm(slope)
    change = loss(gradient, row + step) - loss(gradient, row - step)
    wanted = 2e-3 * np.linalg.norm(slope)
    assert change == pytest.approx(wanted, rel=0.05)


def test_nothing_is_carried_from_call_to_call(gradient, row):
    first = gradient(row, 3)
    gradient(row + 0.1, 5)
    np.testing.assert_array_equal(gradient(row, 3), first)


def test_shared_weights_are_not_trained(gradient):
    trained = gradient._trainer.trainable_variables
    assert [variable.name for variable in trained] == ["offset"]
