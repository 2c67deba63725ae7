import numpy as np
import pytest

from multistyle.evaluation.diversity import measure_diversity, unit_rows
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


def test_unit_rows_hold_every_number_of_a_style(small_network):
    rows = unit_rows(small_network)
    count = sum(2 * block.filters for block in small_network.blocks)
    assert rows.shape == (3, count)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)
    layer = small_network.contract[0].normalization
    gamma = np.asarray(layer.gamma)
    ratio = rows[:, : gamma.shape[1]] / gamma
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(8, axis=1), rtol=1e-6)
