import tracemalloc

import numpy as np
import pytest

from multistyle.evaluation.diversity import distances, measure_diversity
from multistyle.network.transform import TransformNetwork


def test_distances_of_known_places():
    rows = np.array([[0.0, 0], [3, 4], [3, 0], [0, 0]])
    expected = [[0, 5, 3, 0], [5, 0, 4, 5], [3, 4, 0, 3], [0, 5, 3, 0]]
    np.testing.assert_array_equal(distances(rows), expected)


def test_many_styles_take_the_memory_of_a_few():
    rows = np.zeros((100, 2000))
    tracemalloc.start()
    try:
        assert distances(rows).shape == (100, 100)
        assert tracemalloc.get_traced_memory()[1] < 10 * rows.nbytes
    finally:
        tracemalloc.stop()


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
