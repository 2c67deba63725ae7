import numpy as np
import pytest

from multistyle.network.growth import remove_styles, style_rows
from multistyle.network.places import project, unit_rows


def _distances(places):
    return np.linalg.norm(places[:, None] - places[None], axis=2)


def rows_of(network):
    return unit_rows(style_rows(network, network.style_names))


def turned(places, dimensions, seed=0):
    """Places [N, k] as rows [N, dimensions]: turned and moved, not bent."""
    random = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(random.normal(size=(dimensions, dimensions)))
    return places @ axes[: places.shape[1]] + random.normal(size=dimensions)


def test_rows_are_brought_to_length_1_and_zeros_stay():
    gamma = np.array([[3, 0], [0, 0]], np.float32)
    beta = np.array([[0, 4], [0, 0]], np.float32)
    rows = unit_rows({"contract_1": (gamma, beta)})
    np.testing.assert_allclose(rows, [[0.6, 0, 0, 0.8], [0, 0, 0, 0]])


def test_places_in_a_plane_come_back():
    # Centred, along the axes, wider in x; the farthest are positive.
    plane = np.array([(4, 0), (-3, 1), (-1, -3), (0, 2)], float)
    plane -= plane.mean(axis=0)
    places, share = project(turned(plane, 9))
    np.testing.assert_allclose(_distances(places), _distances(plane), atol=1e-5)
    assert share == pytest.approx(1)
    assert np.ptp(places[:, 0]) > np.ptp(places[:, 1])
    for axis in places.T:
        assert axis[np.abs(axis).argmax()] > 0
    # However the rows were turned.
    again, _ = project(turned(plane, 7, seed=1))
    np.testing.assert_allclose(again, places, atol=1e-5)


def test_the_share_that_two_axes_show():
    """Corners of a regular simplex: each of three axes shows a third."""
    places, share = project(np.eye(4))
    assert share == pytest.approx(2 / 3)
    assert _distances(places).max() <= np.sqrt(2) + 1e-5


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (np.ones((1, 5)), [(0, 0)]),
        (np.ones((3, 5)), [(0, 0)] * 3),
        (np.array([(0, 3), (0, 5)]), [(1, 0), (-1, 0)]),
    ],
)
def test_few_or_equal_rows(rows, expected):
    places, share = project(rows)
    np.testing.assert_allclose(places, expected, atol=1e-9)
    assert share == 1


def test_distances_of_two_styles_depend_on_no_third(small_network):
    fewer = remove_styles(small_network, ["starry_night"])
    np.testing.assert_array_equal(
        _distances(rows_of(fewer)), _distances(rows_of(small_network))[1:, 1:]
    )


def test_unit_rows_hold_every_number_of_a_style(small_network):
    rows = rows_of(small_network)
    count = sum(2 * block.filters for block in small_network.blocks)
    assert rows.shape == (3, count)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)
    layer = small_network.contract[0].normalization
    gamma = np.asarray(layer.gamma)
    ratio = rows[:, : gamma.shape[1]] / gamma
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(8, axis=1), rtol=1e-6)
