import numpy as np

from multistyle.network.rows import (
    join_layers,
    join_rows,
    name_tables,
    pair_tables,
)


def make_rows(*numbers):
    """Two layers of one and two channels; beta is gamma + 0.5."""
    column = np.array(numbers, np.float32)[:, None]
    tables = {"a": column, "b": column * [10, 20]}
    return {name: (table, table + 0.5) for name, table in tables.items()}


def test_rows_are_joined_by_layer():
    joined = join_rows(make_rows(1), make_rows(2, 3))
    assert list(joined) == ["a", "b"]
    np.testing.assert_array_equal(joined["a"][1], [[1.5], [2.5], [3.5]])
    np.testing.assert_array_equal(
        joined["b"][0], [[10, 20], [20, 40], [30, 60]]
    )


def test_layers_stand_side_by_side():
    gamma, beta = join_layers(make_rows(1, 2))
    np.testing.assert_array_equal(gamma, [[1, 10, 20], [2, 20, 40]])
    np.testing.assert_array_equal(beta, gamma + 0.5)


def test_tables_are_named_and_paired_again():
    arrays = name_tables(make_rows(3))
    assert sorted(arrays) == ["a/beta", "a/gamma", "b/beta", "b/gamma"]
    np.testing.assert_array_equal(arrays["b/beta"], [30.5, 60.5])
    rows = pair_tables(dict(sorted(arrays.items())))
    for layer, pair in make_rows(3).items():
        np.testing.assert_array_equal(rows[layer], pair)
