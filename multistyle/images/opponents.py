"""Opponent colours, in which the eye tells hues apart."""

import numpy as np

# [3, 2], of RGB: red against green, and yellow against blue, both orthogonal to
# grey and of length 1.
OPPONENTS = np.array([[1, -1, 0], [1, 1, -2]], np.float32).T / np.sqrt(
    np.array([2, 6], np.float32)
)
