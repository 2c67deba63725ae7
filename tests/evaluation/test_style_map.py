import numpy as np
import pytest

from multistyle.evaluation.diversity import distances
from multistyle.evaluation.style_map import map_styles
from multistyle.inference.stylizer import Stylizer
from multistyle.network.growth import remove_styles, style_rows
from multistyle.network.places import unit_rows
from multistyle.network.styles import fingerprint


def test_the_map_names_each_style_s_nearest(small_network):
    picture, facts = map_styles(Stylizer(small_network))
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    assert facts["fingerprint"] == fingerprint(small_network)
    assert facts["share_shown"] == 1  # Three styles lie in a plane.
    names = small_network.style_names
    away = distances(unit_rows(style_rows(small_network, names)))
    styles = facts["styles"]
    assert [style["name"] for style in styles] == names
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
