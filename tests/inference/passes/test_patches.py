import numpy as np
import pytest

from multistyle.inference.passes import patches as patches
from multistyle.inference.passes.patches import PATCH_SIZE, choose_patches


def test_few_patches_are_all_chosen_by_their_area():
    image = np.zeros((PATCH_SIZE, 2 * PATCH_SIZE - 16, 3), np.uint8)
    chosen, shares = choose_patches(image, 10)
    assert [patch.size for patch in chosen] == [(64, 56), (64, 56)]
    np.testing.assert_allclose(shares, [0.5, 0.5])


def test_one_cell_stands_for_all_that_are_like_it():
    random = np.random.default_rng(0)
    image = np.full((4 * PATCH_SIZE, 4 * PATCH_SIZE, 3), 40, np.uint8)
    image[: 3 * PATCH_SIZE] = (200, 220, 250)
    noise = random.integers(0, 256, (PATCH_SIZE, PATCH_SIZE, 3), np.uint8)
    image[-PATCH_SIZE:, -PATCH_SIZE:] = noise
    chosen, shares = choose_patches(image, 3)
    found = {}
    for patch, share in zip(chosen, shares, strict=True):
        pixels = patch.of(image)
        found[int(pixels.mean()), bool(pixels.std(axis=(0, 1)).any())] = share
    assert found[223, False] == pytest.approx(12 / 16)
    assert found[40, False] == pytest.approx(3 / 16)
    assert sorted(found.values()) == pytest.approx([1 / 16, 3 / 16, 12 / 16])


def test_a_flat_picture_has_one_kind_of_patch():
    image = np.full((4 * PATCH_SIZE, 4 * PATCH_SIZE, 3), 0.5, np.float32)
    chosen, shares = choose_patches(image, 5)
    assert len(chosen) == 1
    np.testing.assert_allclose(shares, [1])


def test_the_same_picture_gives_the_same_patches():
    random = np.random.default_rng(1)
    image = random.integers(0, 256, (200, 260, 3), np.uint8)
    first, second = (choose_patches(image, 7) for _ in range(2))
    assert first[0] == second[0]
    np.testing.assert_array_equal(first[1], second[1])
    assert first[1].sum() == pytest.approx(1)


def test_clusters_are_found():
    random = np.random.default_rng(2)
    middles = np.array([[0, 0], [10, 0], [0, 10]])
    points = np.repeat(middles, 20, axis=0) + random.normal(0, 0.1, (60, 2))
    nearest, distances = patches._cluster(points, 3)
    assert {len(set(nearest[i : i + 20])) for i in (0, 20, 40)} == {1}
    assert len(set(nearest)) == 3
    assert distances.max() < 1
