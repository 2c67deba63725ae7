import keras
import numpy as np
import pytest

from multistyle.perceptual.losses import (
    content_loss,
    gram_matrix,
    stability_loss,
    style_loss,
    total_variation_loss,
)

CHECKERBOARD = np.indices((4, 6)).sum(axis=0) % 2
STRIPES = np.tile(np.arange(6) % 2, (4, 1))


def as_float32(tensor):
    """Returns a tensor's values, once it is seen to be float32."""
    assert keras.backend.standardize_dtype(tensor.dtype) == "float32"
    return keras.ops.convert_to_numpy(tensor)


def as_features(values, dtype="float32"):
    """Makes features [B, 1, w, C] of [B, w, C]."""
    return keras.ops.cast(np.asarray(values, np.float32)[:, None], dtype)


def test_the_gram_matrix_of_ones_is_ones():
    gram = as_float32(gram_matrix(np.ones((2, 3, 5, 4), np.float32)))
    np.testing.assert_array_equal(gram, np.ones((2, 4, 4)))


def test_a_gram_matrix_made_by_hand():
    features = as_features([[[1, 2], [3, 4]], [[1, 0], [1, -2]]])
    np.testing.assert_allclose(
        as_float32(gram_matrix(features)),
        [[[5, 7], [7, 10]], [[1, -1], [-1, 2]]],
    )


def test_a_gram_matrix_does_not_depend_on_the_size():
    features = np.random.default_rng(0).normal(0, 1, (1, 3, 5, 4))
    features = features.astype(np.float32)
    np.testing.assert_allclose(
        as_float32(gram_matrix(np.tile(features, (1, 4, 2, 1)))),
        as_float32(gram_matrix(features)),
        atol=1e-6,
    )


def test_a_gram_matrix_needs_rank_4():
    with pytest.raises(ValueError, match=r"rank 4.*got the shape \(3, 5, 4\)"):
        gram_matrix(np.ones((3, 5, 4), np.float32))


class Features(keras.Model):
    """Features as the one weight: a step at rate 1 takes off the gradient."""

    def __init__(self, features, dtype):
        super().__init__()
        self.features = self.add_weight(
            shape=features.shape, dtype="float32", autocast=False
        )
        self.features.assign(features)
        self.features_dtype = dtype
        self.compile(keras.optimizers.SGD(1.0))
        self.built = True

    def call(self, change):
        return change

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        features = keras.ops.cast(self.features.value, self.features_dtype)
        return keras.ops.sum(keras.ops.multiply(x, gram_matrix(features)))


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("float32", 1e-5), ("bfloat16", 0.01)]
)
def test_the_gradient_of_a_gram_matrix(dtype, tolerance):
    """In bfloat16 it is rounded twice, to 8 bits each time."""
    random = np.random.default_rng(3)
    features = random.integers(-64, 65, (2, 3, 5, 4)).astype(np.float32) / 32
    change = random.normal(0, 1, (2, 4, 4)).astype(np.float32)
    model = Features(features, dtype)
    model.train_on_batch(change)
    found = features - keras.ops.convert_to_numpy(model.features.value)
    both = change + change.transpose(0, 2, 1)
    expected = np.einsum("bhwc,bcd->bhwd", features, both) / 15
    assert np.abs(found - expected).max() < tolerance * np.abs(expected).max()


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [("paper", [5.5, 4]), ("relative", [5.5 / 1.5, 4])],
)
def test_content_made_by_hand(scaling, expected):
    """The second photograph is flat: its features are 0."""
    features = as_features([[[1, 2], [3, 4]], [[2, -2], [2, 2]]])
    target = as_features([[[1, 0], [0, 1]], [[0, 0], [0, 0]]])
    np.testing.assert_allclose(
        as_float32(content_loss(features, target, scaling=scaling)),
        expected,
        rtol=1e-6,
    )


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [
        # Layer a: 1 / 1 and 4 / 8; layer b: 9 / 4 and 1 / 16.
        ("relative", [(1 + 9 / 4) / 2, (4 / 8 + 1 / 16) / 2]),
        ("paper", [1e-4 * (1 + 9), 1e-4 * (4 + 1)]),
    ],
)
def test_style_made_by_hand(scaling, expected):
    grams = {
        "a": np.asarray([[[2, 0], [0, 2]], [[2, 2], [2, 2]]], np.float32),
        "b": np.asarray([[[5]], [[3]]], np.float32),
    }
    targets = {
        "a": np.asarray([[[1, 1], [1, 1]], [[4, 0], [0, 4]]], np.float32),
        "b": np.asarray([[[2]], [[4]]], np.float32),
    }
    np.testing.assert_allclose(
        as_float32(style_loss(grams, targets, scaling=scaling)),
        expected,
        rtol=1e-6,
    )


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (CHECKERBOARD, 2),
        (STRIPES, 1),
        (STRIPES.T, 1),
        (0 * STRIPES + 0.5, 0),
        (np.asarray([[0, 0.25], [0.5, 1]]), 0.625 + 0.375),
    ],
)
def test_total_variation_of_known_pictures(picture, expected):
    image = np.repeat(picture[None, :, :, None], 3, axis=-1)
    image = np.concatenate([image, 0 * image]).astype(np.float32)
    np.testing.assert_allclose(
        as_float32(total_variation_loss(image)), [expected, 0], rtol=1e-6
    )


def test_losses_are_float32_whatever_the_features():
    """Sums of 1,024 ones stop at 256 in bfloat16."""
    ones = keras.ops.ones((1, 32, 32, 2), dtype="bfloat16")
    np.testing.assert_array_equal(
        as_float32(gram_matrix(ones)), np.ones((1, 2, 2))
    )
    # 256 - 1 is no number of bfloat16, and neither is its square. The sum of
    # 128 squares is one of float32, in whatever order a backend adds.
    ones = ones[:, :8, :8]
    for scaling, expected in (("paper", 255**2), ("relative", 255**2 / 2)):
        loss = content_loss(256 * ones, ones, scaling=scaling)
        np.testing.assert_array_equal(as_float32(loss), [expected])
    checkerboard = keras.ops.cast(CHECKERBOARD[None, :, :, None], "bfloat16")
    assert as_float32(total_variation_loss(checkerboard)).tolist() == [2]


@pytest.mark.parametrize("scaling", ["relative", "paper"])
def test_losses_are_zero_at_their_targets(scaling):
    features = np.random.default_rng(0).normal(0, 9, (2, 4, 5, 3))
    features = features.astype(np.float32)
    loss = content_loss(features, features, scaling=scaling)
    np.testing.assert_array_equal(as_float32(loss), [0, 0])
    grams = {"a": gram_matrix(features), "b": gram_matrix(features[..., :2])}
    loss = style_loss(grams, grams, scaling=scaling)
    np.testing.assert_array_equal(as_float32(loss), [0, 0])


def test_a_pastiche_that_follows_its_photograph_is_stable():
    random = np.random.default_rng(0)
    field = random.uniform(size=(2, 64, 64, 3)).astype(np.float32)
    image, moved = field[:, 16:56, 16:58], field[:, 13:53, 21:63]
    loss = stability_loss(image, moved, np.array([-3, 5]))
    np.testing.assert_array_equal(as_float32(loss), [0, 0])
    # Every pixel of the second picture is off by a fifth.
    moved = moved + np.array([0, 0.2], np.float32)[:, None, None, None]
    loss = stability_loss(image, moved, np.array([-3, 5]))
    np.testing.assert_allclose(as_float32(loss), [0, 0.2], atol=1e-6)


def test_a_lattice_that_stands_still_is_not_stable():
    lattice = np.zeros((1, 46, 46, 3), np.float32)
    lattice[:, ::4, ::4] = 1
    # Two of sixteen pixels differ, but for a shift by whole cells.
    loss = stability_loss(lattice, lattice, np.array([2, 1]))
    np.testing.assert_allclose(as_float32(loss), [2 / 16], rtol=1e-6)
    loss = stability_loss(lattice, lattice, np.array([4, -4]))
    np.testing.assert_array_equal(as_float32(loss), [0])
