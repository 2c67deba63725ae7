import numpy as np
import pytest

from multistyle.evaluation.diversity import distances, unit_rows
from multistyle.evaluation.style_map import map_styles, project
from multistyle.inference.stylizer import Stylizer
from multistyle.network.growth import remove_styles
from multistyle.network.styles import fingerprint


def turned(places, dimensions, seed=0):
    """Places [N, k] as rows [N, dimensions]: turned and moved, not bent."""
    random = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(random.normal(size=(dimensions, dimensions)))
    return places @ axes[: places.shape[1]] + random.normal(size=dimensions)


def test_places_in_a_plane_come_back():
    # Centred, along the axes, wider in x; the farthest are positive.
    plane = np.array([(4, 0), (-3, 1), (-1, -3), (0, 2)], float)
    plane -= plane.mean(axis=0)
    places, share = project(turned(plane, 9))
    np.testing.assert_allclose(distances(places), distances(plane), atol=1e-5)
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
    assert distances(places).max() <= np.sqrt(2) + 1e-5


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
        distances(unit_rows(fewer)), distances(unit_rows(small_network))[1:, 1:]
    )


def test_the_map_names_each_style_s_nearest(small_network):
    picture, facts = map_styles(Stylizer(small_network))
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    assert facts["fingerprint"] == fingerprint(small_network)
    assert facts["share_shown"] == 1  # Three styles lie in a plane.
    away = distances(unit_rows(small_network))
    styles = facts["styles"]
    names = [style["name"] for style in styles]
    assert names == small_network.style_names
    places = np.array([(style["x"], style["y"]) for style in styles])
    np.testing.assert_allclose(distances(places), away, atol=1e-5)
    for i, style in enumerate(styles):
        others = [j for j in range(3) if j != i]
        nearest = min(others, key=lambda j, i=i: away[i, j])
        assert style["nearest"] == names[nearest]
        assert style["distance"] == pytest.approx(away[i, nearest], abs=1e-6)


def test_the_map_of_a_single_style(small_network):
    network = remove_styles(small_network, ["starry_night", "great_wave"])
    _, facts = map_styles(Stylizer(network))
    assert facts["styles"] == [
        {
            "name": "the_scream",
            "x": 0,
            "y": 0,
            "nearest": None,
            "distance": None,
        }
    ]
