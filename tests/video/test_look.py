import numpy as np
import pytest

from multistyle.video.look import Look, smooth_step

SIZE = (48, 160)


@pytest.fixture
def paintings():
    """Two of one look: uniform noise around grey."""
    random = np.random.default_rng(0)
    noise = random.uniform(-0.2, 0.2, (2, *SIZE, 3)).astype(np.float32)
    return 0.5 + noise


def test_a_look_is_the_mean_and_the_deviation(paintings):
    look = Look.of(paintings[0])
    assert look.light.shape == look.strokes.shape == (6, 20, 3)
    np.testing.assert_allclose(look.light, 0.5, atol=0.015)
    np.testing.assert_allclose(look.strokes, 0.2 / np.sqrt(3), atol=0.01)
    flat = Look.of(np.full((*SIZE, 3), 0.3, np.float32))
    np.testing.assert_allclose(flat.light, 0.3, atol=1e-6)
    np.testing.assert_allclose(flat.strokes, 0, atol=1e-3)


def test_other_strokes_have_the_same_look(paintings):
    first, second = map(Look.of, paintings)
    assert first.agreement(second, SIZE).min() > 0.95


@pytest.mark.parametrize("kind", ["light", "strokes"])
def test_looks_are_compared_place_by_place(paintings, kind):
    first, second = paintings
    left = second[:, :80]
    # In one colour only.
    left[..., 2] = left[..., 2] + 0.1 if kind == "light" else 0.5
    agreement = Look.of(first).agreement(Look.of(second), SIZE)
    assert agreement.shape == SIZE
    assert agreement[:, :60].max() == 0
    assert agreement[:, -50:].min() > 0.95


@pytest.mark.parametrize("size", [(8, 8), (9, 40), (5, 3)])
def test_small_pictures_have_a_look(size):
    black, white = np.zeros((*size, 3), np.float32), np.ones((*size, 3), "f4")
    looks = Look.of(black), Look.of(white)
    assert (looks[0].agreement(looks[0], size) == 1).all()
    assert (looks[0].agreement(looks[1], size) == 0).all()


def test_a_smooth_step():
    found = smooth_step(np.float32([-1, 0, 0.5, 1, 2]))
    np.testing.assert_array_equal(found, [0, 0, 0.5, 1, 1])
