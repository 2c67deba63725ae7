"""Refining, by a gradient whose lowest point is known."""

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.learning.photographs import crops
from multistyle.learning.refining import Pace, rate_share, refine
from multistyle.network.architecture import LAYER_NAMES
from multistyle.network.rows import split_layers

CHANNELS = [2] * len(LAYER_NAMES)
WORKS = [np.zeros((8, 8, 3), np.uint8)]


class Bowl:
    """The gradient of |row - bottom|^2 / 2."""

    def __init__(self, bottom):
        self.bottom, self.num_channels = bottom, CHANNELS
        self.aimed_at, self.crops = None, []

    def aim_at(self, works):
        self.aimed_at = works

    def __call__(self, row, crop):
        self.crops.append(crop)
        return (row - self.bottom).astype(np.float32)


def rows(gamma, beta):
    size = sum(CHANNELS)
    return split_layers(
        np.full((1, size), gamma, np.float32),
        np.full((1, size), beta, np.float32),
        CHANNELS,
    )


def test_the_row_goes_to_the_bottom():
    bowl = Bowl(np.float32(0.5))
    shares = []
    found = refine(
        bowl, WORKS, rows(1.0, 0.0), Pace(200, 0.05), progress=shares.append
    )
    for gamma, beta in found.values():
        assert gamma.shape == beta.shape == (1, 2)
        assert gamma.dtype == beta.dtype == np.float32
        np.testing.assert_allclose([gamma, beta], 0.5, atol=1e-2)
    assert bowl.aimed_at is WORKS
    assert shares[0] == 1 / 200 and shares[-1] == 1


def test_the_first_step_is_the_rate_whatever_the_gradient():
    for bottom in (-3.0, 1e6):
        found = refine(
            Bowl(np.float32(bottom)), WORKS, rows(0, 0), Pace(1, 0.25)
        )
        gamma, _ = found["contract_1"]
        np.testing.assert_allclose(gamma, np.sign(bottom) * 0.25, rtol=1e-3)


def test_crops_come_in_turn_and_by_the_seed():
    orders = []
    for seed in (0, 0, 1):
        bowl = Bowl(np.float32(0))
        refine(bowl, WORKS, rows(0, 0), Pace(32, 0.1), seed=seed)
        orders.append(bowl.crops)
        for part in (bowl.crops[:16], bowl.crops[16:]):
            assert sorted(part) == list(range(len(crops())))
    assert orders[0] == orders[1] != orders[2]


def test_a_row_that_is_not_finite_is_refused():
    with pytest.raises(InputError, match="--learning=instant"):
        refine(Bowl(np.float32(np.nan)), WORKS, rows(0, 0), Pace(3, 0.1))


def test_the_rate_rises_holds_and_falls():
    shares = [rate_share(step, 100) for step in range(1, 101)]
    assert shares[0] == pytest.approx(0.2)
    assert shares[4] == shares[40] == 1
    assert shares[70] == pytest.approx(0.5)
    assert shares[99] == pytest.approx(1 / 60)
