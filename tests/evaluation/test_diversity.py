import numpy as np
import pytest

from multistyle.evaluation.diversity import measure_diversity
from multistyle.network.transform import TransformNetwork


def test_distances_and_nearest_neighbours(small_network):
    measured = measure_diversity(small_network)
    away = np.array(measured["distances"])
    assert away.shape == (3, 3)
    np.testing.assert_allclose(np.diag(away), 0)
    np.testing.assert_allclose(away, away.T)
    assert 0 < away.max() <= 2
    names = small_network.style_names
    for i, name in enumerate(names):
        others = [j for j in range(3) if j != i]
        j = min(others, key=lambda j, i=i: away[i, j])
        nearest = measured["nearest"][name]
        assert nearest["style"] == names[j]
        assert nearest["distance"] == pytest.approx(away[i, j], abs=1e-6)


def test_a_style_alone_has_no_neighbour():
    network = TransformNetwork(["only"], width_multiplier=0.1)
    measured = measure_diversity(network)
    assert measured == {"distances": [[0.0]], "nearest": {"only": None}}
