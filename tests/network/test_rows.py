import numpy as np

from multistyle.network.architecture import LAYER_NAMES
from multistyle.network.rows import (
    flatten_row,
    join_layers,
    join_rows,
    mean_row,
    name_tables,
    pair_tables,
    round_rows,
    split_layers,
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


def test_a_row_is_one_array():
    row = flatten_row(make_rows(2))
    np.testing.assert_array_equal(row, [[2, 20, 40], [2.5, 20.5, 40.5]])
    assert row.base is None


def test_layers_are_taken_apart_again():
    filters = range(1, 1 + len(LAYER_NAMES))
    rows = {
        name: (np.full((2, n), n, np.float32), np.full((2, n), -n, np.float32))
        for name, n in zip(LAYER_NAMES, filters, strict=True)
    }
    apart = split_layers(*join_layers(rows), filters)
    assert list(apart) == list(LAYER_NAMES)
    for name, pair in rows.items():
        np.testing.assert_array_equal(apart[name], pair)


def test_the_mean_of_styles_is_one_style():
    mean = mean_row(make_rows(1, 2, 6))
    np.testing.assert_array_equal(mean["b"][0], [[30, 60]])
    np.testing.assert_array_equal(mean["b"][1], [[30.5, 60.5]])


def test_rows_are_rounded_to_what_float16_has():
    gamma, beta = round_rows(make_rows(1 / 3))["a"]
    assert gamma.dtype == beta.dtype == np.float32
    assert gamma == np.float32(np.float16(1 / 3)) != np.float32(1 / 3)


def test_tables_are_named_and_paired_again():
    arrays = name_tables(make_rows(3))
    assert sorted(arrays) == ["a/beta", "a/gamma", "b/beta", "b/gamma"]
    np.testing.assert_array_equal(arrays["b/beta"], [30.5, 60.5])
    rows = pair_tables(dict(sorted(arrays.items())))
    for layer, pair in make_rows(3).items():
        np.testing.assert_array_equal(rows[layer], pair)
