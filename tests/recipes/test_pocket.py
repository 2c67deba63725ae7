"""The arithmetic of recipes/pocket.py."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from multistyle.perceptual.losses import gram_matrix

RECIPES = Path(__file__).parents[2] / "recipes"


def import_recipe(name):
    pytest.importorskip("tensorflow")
    spec = importlib.util.spec_from_file_location(name, RECIPES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pruning():
    return import_recipe("pruning")


@pytest.fixture(scope="module")
def distillation():
    return import_recipe("distillation")


def test_channels_that_tell_the_same_are_chosen_once(pruning):
    random = np.random.default_rng(0)
    a, b, c = random.normal(0, 1, (3, 200))
    channels = np.stack([a, 2 * a, b, 0.1 * c, -a], axis=1)
    chosen = set(pruning.choose_channels(channels, np.eye(5), 2))
    assert 2 in chosen and len(chosen & {0, 1, 4}) == 1


def test_channels_are_chosen_for_what_they_are_asked(pruning):
    random = np.random.default_rng(0)
    channels = random.normal(0, [5, 1, 1], (200, 3))
    # What counts is mostly the third channel, then the second.
    targets = np.asarray([[0.0], [1.0], [3.0]])
    for num_channels, expected in ((1, [2]), (2, [1, 2])):
        chosen = pruning.choose_channels(channels, targets, num_channels)
        assert list(chosen) == expected


def test_least_squares_find_a_linear_map(pruning):
    random = np.random.default_rng(0)
    inputs, linear = random.normal(0, 1, (50, 4)), random.normal(0, 1, (4, 3))
    found = pruning.ridge(inputs, inputs @ linear)
    np.testing.assert_allclose(found, linear, atol=1e-3)


def test_the_metric_is_the_teacher_s(distillation):
    """Distances, powers and Gram matrices as after the map to 12 channels."""
    random = np.random.default_rng(0)
    to_teacher = random.normal(0, 1, (5, 12)).astype(np.float32)
    metric = distillation.teacher_metric(to_teacher)
    assert metric.shape == (5, 5)
    mine = random.normal(0, 1, (1, 6, 7, 5)).astype(np.float32)
    theirs, small = mine @ to_teacher, mine @ metric
    np.testing.assert_allclose(
        np.square(small).mean(axis=-1),
        np.square(theirs).mean(axis=-1),
        rtol=1e-4,
    )
    np.testing.assert_allclose(
        np.square(gram_matrix(small)).mean(),
        np.square(gram_matrix(theirs)).mean(),
        rtol=1e-4,
    )


def test_cosines_made_by_hand(distillation):
    first = np.asarray([[3, 4], [1, 0], [0, 0]], np.float32)
    second = np.asarray([[6, 8], [0, 9], [1, 0]], np.float32)
    found = distillation.cosines(first[:, None, None], second[:, None, None])
    np.testing.assert_allclose(found, [1, 0, 0], atol=1e-6)
