import numpy as np

from multistyle.images.opponents import OPPONENTS


def test_they_see_hues_and_no_grey():
    np.testing.assert_allclose(np.ones(3) @ OPPONENTS, 0, atol=1e-7)
    np.testing.assert_allclose(OPPONENTS.T @ OPPONENTS, np.eye(2), atol=1e-7)
    red, green, blue = np.eye(3) @ OPPONENTS
    np.testing.assert_allclose(red + green, -blue, atol=1e-7)
    assert red[0] == -green[0] > 0
