import numpy as np
import pytest

from multistyle.learning.row_painter import RowPainter
from multistyle.network.growth import style_rows
from multistyle.network.rows import join_layers


@pytest.mark.parametrize("size", [(32, 32), (64, 36)])
def test_each_picture_is_painted_in_its_own_row(small_network, size):
    image = np.random.default_rng(0).random((2, *size, 3), np.float32)
    rows = style_rows(small_network, ["the_scream", "starry_night"])
    painter = RowPainter(small_network, dtype="float32")
    picture = painter(image, np.concatenate(join_layers(rows), axis=1))
    weights = np.array([[0, 0, 1], [1, 0, 0]], np.float32)
    wanted = small_network(
        {"image": image, "style_weights": weights}, training=True
    )
    np.testing.assert_allclose(picture, wanted, atol=1e-5)


def test_nothing_is_trained(small_network):
    assert not RowPainter(small_network, dtype="float32").trainable_variables
