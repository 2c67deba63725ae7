import numpy as np
from keras import ops

from multistyle.perceptual.color_spread import (
    color_covariance,
    color_spread_loss,
)


def halves(first, second):
    image = np.empty((1, 4, 6, 3), np.float32)
    image[:, :, :3], image[:, :, 3:] = first, second
    return image


def covariance(image):
    return ops.convert_to_numpy(color_covariance(image))[0]


def test_greys_have_no_spread():
    spread = covariance(halves(0.0, 1.0))
    np.testing.assert_allclose(spread, np.zeros((2, 2)), atol=1e-12)


def test_red_beside_green():
    # Red against green is (R - G) / sqrt(2): 1 / sqrt(2) and -1 / sqrt(2).
    spread = covariance(halves([1, 0, 0], [0, 1, 0]))
    np.testing.assert_allclose(spread, [[0.5, 0], [0, 0]], atol=1e-6)


def test_yellow_beside_blue():
    # Yellow against blue is (R + G - 2 B) / sqrt(6): 2 / sqrt(6) and minus it.
    spread = covariance(halves([1, 1, 0], [0, 0, 1]))
    np.testing.assert_allclose(spread, [[0, 0], [0, 2 / 3]], atol=1e-6)


def test_the_loss_of_half_the_spread():
    target = np.array([[[0.5, 0], [0, 0]]], np.float32)
    loss = ops.convert_to_numpy(color_spread_loss(target / 2, target))
    np.testing.assert_allclose(loss, [0.25], rtol=1e-4)
    same = ops.convert_to_numpy(color_spread_loss(target, target))
    assert same == [0]


def test_the_loss_is_bounded_beside_a_grey_painting():
    grey = np.zeros((1, 2, 2), np.float32)
    bright = np.eye(2, dtype=np.float32)[None]
    assert ops.convert_to_numpy(color_spread_loss(bright, grey)) == [2]
