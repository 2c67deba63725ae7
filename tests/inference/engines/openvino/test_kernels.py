import numpy as np
import pytest

pytest.importorskip("openvino")

from multistyle.inference.engines.openvino.kernels import fold

# One column only, so that rows can be read off.
ROWS = np.zeros((3, 3, 1, 1), np.float32)
ROWS[:, 1, 0, 0] = [1, 10, 100]


def test_doubling_folds_into_a_kernel_for_each_pixel_of_a_block():
    folded = fold(ROWS, out_phases=2)
    assert folded.shape == (4, 1, 3, 3)
    upper_left, upper_right, lower_left, lower_right = folded[:, 0]
    np.testing.assert_array_equal(
        upper_left, [[0, 1, 0], [0, 110, 0], [0, 0, 0]]
    )
    np.testing.assert_array_equal(
        lower_right, [[0, 0, 0], [0, 11, 0], [0, 100, 0]]
    )
    np.testing.assert_array_equal(upper_right, upper_left)
    np.testing.assert_array_equal(lower_left, lower_right)


def test_strides_fold_into_a_kernel_of_two_by_two_blocks():
    folded = fold(ROWS, in_phases=2)
    assert folded.shape == (1, 4, 2, 2)
    upper_left, upper_right, lower_left, lower_right = folded[0]
    np.testing.assert_array_equal(upper_left, [[0, 0], [0, 10]])
    np.testing.assert_array_equal(lower_left, [[0, 1], [0, 100]])
    assert not upper_right.any()
    assert not lower_right.any()


def test_a_kernel_from_blocks_to_blocks_holds_each_number_four_times():
    random = np.random.default_rng(0)
    kernel = random.random((9, 9, 3, 2), np.float32)
    folded = fold(kernel, 2, 2)
    assert folded.shape == (8, 12, 5, 5)
    np.testing.assert_array_equal(
        np.sort(folded[folded != 0]), np.sort(np.tile(kernel.ravel(), 4))
    )
