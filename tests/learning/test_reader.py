"""The reader's form, by one of known weights; the bundled ones follow."""

import keras
import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.learning import reader as reader_module
from multistyle.learning.reader import StyleReader, can_read, find_reader
from multistyle.learning.statistics import StyleStatistics
from multistyle.network.architecture import LAYER_NAMES

# Of the statistics below: two means, two deviations, one root.
STATISTICS = StyleStatistics(
    np.array([1.0, 2.0]), np.array([1.0, 13.0]), np.full((1, 1, 1), 1.0)
)


def write_reader(path, kernels, mean=0.0, deviation=1.0):
    arrays = {}
    for i, kernel in enumerate(kernels):
        arrays[f"kernel_{i}"] = np.asarray(kernel, np.float16)
        arrays[f"bias_{i}"] = np.zeros(arrays[f"kernel_{i}"].shape[1])
    np.savez(
        path,
        fingerprint="f" * 64,
        num_channels=np.ones(16, int),
        mean=np.full(5, mean),
        deviation=np.full(5, deviation),
        **arrays,
    )
    return StyleReader(path)


def identity_reader(path, **options):
    """Gives the five numbers, through two units of gelu, as five gammas."""
    return write_reader(path, [np.eye(5), np.eye(5), np.eye(5, 32)], **options)


def gelu(x):
    return keras.ops.convert_to_numpy(
        keras.activations.gelu(np.asarray(x, np.float32), approximate=True)
    )


def test_rows_are_split_by_layer(tmp_path):
    rows = identity_reader(tmp_path / "r.npz").read(STATISTICS)
    assert list(rows) == list(LAYER_NAMES)
    # Means 1 and 2, deviations 0 and 3, root 1.
    wanted = gelu(gelu([1, 2, 0, 3, 1]))
    got = [rows[name][0][0, 0] for name in LAYER_NAMES[:5]]
    np.testing.assert_allclose(got, wanted, rtol=1e-5)
    assert all(rows[name][0] == [[0]] for name in LAYER_NAMES[5:])
    assert all(beta == [[0]] for _, beta in rows.values())
    assert {table.dtype for pair in rows.values() for table in pair} == {
        np.dtype(np.float32)
    }


def test_several_styles_are_read_at_once(tmp_path):
    reader = identity_reader(tmp_path / "r.npz")
    numbers = np.float32([STATISTICS.numbers(), [0, 0, 1, 0, 2]])
    rows = reader.read_numbers(numbers)
    for name, pair in reader.read(STATISTICS).items():
        for table, row in zip(rows[name], pair, strict=True):
            assert table.shape == (2, 1)
            np.testing.assert_array_equal(table[:1], row)
    got = [rows[name][0][1, 0] for name in LAYER_NAMES[:5]]
    np.testing.assert_allclose(got, gelu(gelu([0, 0, 1, 0, 2])), rtol=1e-5)


def test_numbers_are_normalized_and_bounded(tmp_path):
    reader = identity_reader(tmp_path / "r.npz", mean=1.0, deviation=0.1)
    rows = reader.read(STATISTICS)
    # 0, 10, -10, 20, 0 standard deviations; 4 is the farthest.
    got = [rows[name][0][0, 0] for name in LAYER_NAMES[:5]]
    np.testing.assert_allclose(got, gelu(gelu([0, 4, -4, 4, 0])), atol=1e-5)


def test_another_model_has_no_reader():
    assert not can_read("0" * 64)
    with pytest.raises(InputError, match="--learning=quick") as raised:
        find_reader("0" * 64)
    assert "\n" not in str(raised.value)


def test_readers_are_found_by_fingerprint(tmp_path, monkeypatch):
    identity_reader(tmp_path / "r.npz")
    monkeypatch.setattr(reader_module, "READERS_FOLDER", tmp_path)
    reader_module._readers.cache_clear()
    try:
        assert can_read("f" * 64)
        assert find_reader("f" * 64).fingerprint == "f" * 64
    finally:
        reader_module._readers.cache_clear()
