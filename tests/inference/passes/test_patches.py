import numpy as np
import pytest

from multistyle.inference.passes import patches as cells
from multistyle.inference.passes.patches import CELL_SIZE, choose_cells


def test_few_cells_are_all_chosen_by_their_area():
    image = np.zeros((CELL_SIZE, 2 * CELL_SIZE - 16, 3), np.uint8)
    chosen, shares = choose_cells(image, 10)
    assert [cell.size for cell in chosen] == [(64, 56), (64, 56)]
    np.testing.assert_allclose(shares, [0.5, 0.5])


def test_one_cell_stands_for_all_that_are_like_it():
    random = np.random.default_rng(0)
    image = np.full((4 * CELL_SIZE, 4 * CELL_SIZE, 3), 40, np.uint8)
    image[: 3 * CELL_SIZE] = (200, 220, 250)
    noise = random.integers(0, 256, (CELL_SIZE, CELL_SIZE, 3), np.uint8)
    image[-CELL_SIZE:, -CELL_SIZE:] = noise
    chosen, shares = choose_cells(image, 3)
    found = {}
    for cell, share in zip(chosen, shares, strict=True):
        pixels = cell.of(image)
        found[int(pixels.mean()), bool(pixels.std(axis=(0, 1)).any())] = share
    assert found[223, False] == pytest.approx(12 / 16)
    assert found[40, False] == pytest.approx(3 / 16)
    assert sorted(found.values()) == pytest.approx([1 / 16, 3 / 16, 12 / 16])


def test_a_flat_picture_has_one_kind_of_cell():
    image = np.full((4 * CELL_SIZE, 4 * CELL_SIZE, 3), 0.5, np.float32)
    chosen, shares = choose_cells(image, 5)
    assert len(chosen) == 1
    np.testing.assert_allclose(shares, [1])


def test_the_same_picture_gives_the_same_cells():
    random = np.random.default_rng(1)
    image = random.integers(0, 256, (200, 260, 3), np.uint8)
    first, second = (choose_cells(image, 7) for _ in range(2))
    assert first[0] == second[0]
    np.testing.assert_array_equal(first[1], second[1])
    assert first[1].sum() == pytest.approx(1)


def test_clusters_are_found():
    random = np.random.default_rng(2)
    middles = np.array([[0, 0], [10, 0], [0, 10]])
    points = np.repeat(middles, 20, axis=0) + random.normal(0, 0.1, (60, 2))
    nearest, distances = cells._cluster(points, 3)
    assert {len(set(nearest[i : i + 20])) for i in (0, 20, 40)} == {1}
    assert len(set(nearest)) == 3
    assert distances.max() < 1
