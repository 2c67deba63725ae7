import keras
import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.learning.refining import RisingFalling, RowRefiner
from multistyle.network.growth import style_rows
from multistyle.network.rows import join_layers, mean_row
from multistyle.perceptual.pocket import load_pocket

NUM_STEPS = 6


@pytest.fixture(scope="module")
def refiner(small_network):
    return RowRefiner(
        small_network,
        load_pocket(),
        num_steps=NUM_STEPS,
        rate=0.05,
        dtype="float32",
    )


@pytest.fixture(scope="module")
def painting():
    return read_image(PAINTINGS_FOLDER / "great_wave.jpg")


def loss_of(refiner, painting, row):
    """The mean loss over the crops, without a step."""
    from multistyle.learning.photographs import crops

    refiner._aim_at([painting / np.float32(255)])
    refiner.row.assign(np.concatenate(join_layers(row), axis=1))
    batch = {"image": crops()[::4], "content": refiner._content[::4]}
    picture = refiner(batch)
    return float(refiner.compute_loss(x=batch, y_pred=picture))


def equal(first, second):
    return all(
        np.array_equal(a, b)
        for name in first
        for a, b in zip(first[name], second[name], strict=True)
    )


def test_the_loss_falls(refiner, painting, small_network):
    shares = []
    row = refiner.refine([painting], None, progress=shares.append)
    assert shares == [(i + 1) / NUM_STEPS for i in range(NUM_STEPS)]
    start = mean_row(style_rows(small_network, small_network.style_names))
    before = loss_of(refiner, painting, start)
    assert loss_of(refiner, painting, row) < before
    assert [v.name for v in refiner.trainable_variables] == ["row"]


def test_a_row_does_not_depend_on_what_was_learned_before(refiner, painting):
    other = read_image(PAINTINGS_FOLDER / "starry_night.jpg")
    first = refiner.refine([painting], None)
    refiner.refine([other], None)
    assert equal(refiner.refine([painting], None), first)


def test_it_begins_at_the_row_that_is_given(refiner, painting, small_network):
    start = style_rows(small_network, ["the_scream"])
    given = refiner.refine([painting], start)
    assert not equal(given, refiner.refine([painting], None))


def test_a_row_that_is_not_finite_is_refused(refiner, painting, small_network):
    start = style_rows(small_network, ["the_scream"])
    start["contract_1"] = (np.full_like(start["contract_1"][0], np.nan),) * 2
    with pytest.raises(InputError, match="--learning=instant"):
        refiner.refine([painting], start)


def test_the_rate_rises_holds_and_falls():
    rate = RisingFalling(0.5, 100)
    values = [float(keras.ops.convert_to_numpy(rate(i))) for i in range(100)]
    assert values[0] == pytest.approx(0.1)
    assert values[4] == values[40] == pytest.approx(0.5)
    assert values[70] == pytest.approx(0.25)
    assert values[99] == pytest.approx(0.5 / 60)
