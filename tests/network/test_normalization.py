import keras
import numpy as np
import pytest

from multistyle.network.normalization import ConditionalInstanceNormalization

CHECKERBOARD = np.indices((4, 6)).sum(axis=0) % 2


def make_normalization(gamma, beta, epsilon=0.0, **options):
    layer = ConditionalInstanceNormalization(
        len(gamma), epsilon=epsilon, **options
    )
    layer.build((None, None, None, len(gamma[0])))
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return layer


def to_numpy(x):
    return keras.ops.convert_to_numpy(keras.ops.cast(x, "float32"))


@pytest.mark.parametrize("weights_size", [(1, 1), (4, 6), (9, 11)])
def test_normalization_is_a_good_layer(check_layer, weights_size):
    random = np.random.default_rng(0)
    check_layer(
        ConditionalInstanceNormalization,
        {"num_styles": 3, "epsilon": 1e-4},
        [
            random.normal(0, 1, (2, 4, 6, 5)).astype(np.float32),
            random.uniform(0, 1, (2, *weights_size, 3)).astype(np.float32),
        ],
        (2, 4, 6, 5),
        [(3, 5), (3, 5)],
    )


@pytest.mark.parametrize(
    ("field", "mean", "variance"),
    [
        (1 + 2 * CHECKERBOARD, 2, 1),
        (np.tile(np.arange(6), (4, 1)), 2.5, 35 / 12),
        # E[x^2] - E[x]^2 gives 0 or 8 here, in float32.
        (10000 + 2 * CHECKERBOARD, 10001, 1),
        (np.full((4, 6), 255), 255, 0),
    ],
)
def test_moments_of_a_known_field(field, mean, variance):
    layer = make_normalization([[1.0, 1.0]], [[0.0, 0.0]], epsilon=1e-5)
    x = np.stack([field, -field], axis=-1)[None].astype(np.float32)
    _, moments = layer(x, np.ones((1, 1), np.float32), return_moments=True)
    assert [tuple(m.shape) for m in moments] == [(1, 1, 1, 2)] * 2
    np.testing.assert_allclose(
        to_numpy(moments[0]).ravel(), [mean, -mean], rtol=1e-6
    )
    np.testing.assert_allclose(
        to_numpy(moments[1]).ravel(), [variance] * 2, rtol=1e-6
    )


def test_a_mean_does_not_round_with_the_number_of_pixels():
    """In one sum TensorFlow's would be wrong by 1e-3."""
    layer = make_normalization([[1.0] * 4], [[0.0] * 4])
    values = np.asarray([0.1, 1.7, -2.3, 33.3], np.float32)
    _, (mean, _) = layer(
        np.broadcast_to(values, (1, 1024, 512, 4)),
        np.ones((1, 1), np.float32),
        return_moments=True,
    )
    np.testing.assert_allclose(to_numpy(mean).ravel(), values, rtol=2e-5)


def test_a_flat_channel_is_its_shift():
    random = np.random.default_rng(0)
    beta = random.normal(0, 1, (2, 32)).astype(np.float32)
    layer = make_normalization(5 * np.ones_like(beta), beta, epsilon=1e-5)
    values = random.uniform(-9, 9, 32).astype(np.float32)
    weights = np.asarray([[0.3, 0.7]], np.float32)
    y = to_numpy(layer(np.broadcast_to(values, (1, 144, 176, 32)), weights))
    np.testing.assert_allclose(
        y[0], np.broadcast_to(weights @ beta, y[0].shape), 1e-6
    )


@pytest.mark.parametrize(
    ("variance", "share"), [(0, 0), (1e-8, 0), (1.5e-8, 0.5), (2e-8, 1), (1, 1)]
)
@pytest.mark.parametrize("mean", [0, 10])
def test_contrast_comes_in_evenly_above_rounding(mean, variance, share):
    """Of given moments, too, as a tile's and a frame's are."""
    layer = make_normalization([[1.0]], [[7.0]], epsilon=1e-5)
    variance = variance * (1 + mean**2)
    deviation = np.sqrt(variance + 1e-5)
    y = layer(
        np.asarray([mean - deviation, mean + deviation], np.float32).reshape(
            1, 1, 2, 1
        ),
        np.ones((1, 1), np.float32),
        moments=tuple(
            np.full((1, 1, 1, 1), m, np.float32) for m in (mean, variance)
        ),
    )
    np.testing.assert_allclose(
        to_numpy(y).ravel(), [7 - share, 7 + share], atol=2e-3
    )


def test_moments_are_float32_in_mixed_precision():
    """257 lies between two numbers of bfloat16, so its mean would be off."""
    layer = make_normalization([[1.0]], [[0.0]], dtype="mixed_bfloat16")
    x = (256 + 2 * CHECKERBOARD)[None, :, :, None]
    y, (mean, variance) = layer(
        keras.ops.cast(x, "bfloat16"),
        np.ones((1, 1), np.float32),
        return_moments=True,
    )
    for moment, expected in ((mean, 257), (variance, 1)):
        assert keras.backend.standardize_dtype(moment.dtype) == "float32"
        assert to_numpy(moment).item() == expected
    np.testing.assert_array_equal(to_numpy(y)[0, :, :, 0], 2 * CHECKERBOARD - 1)


def test_a_blend_of_two_styles_made_by_hand():
    layer = make_normalization([[2.0], [4.0]], [[10.0], [-10.0]])
    x = (1 + 2 * CHECKERBOARD)[None, :, :, None].astype(np.float32)
    for weights, low, high in (
        ([1, 0], 8, 12),
        ([0, 1], -14, -6),
        ([0.75, 0.25], 2.5, 7.5),
        ([1, 1], -6, 6),
    ):
        y = layer(x, np.asarray([weights], np.float32))
        np.testing.assert_allclose(
            to_numpy(y)[0, :, :, 0],
            np.where(CHECKERBOARD, high, low),
            rtol=1e-6,
        )


def test_epsilon_is_added_to_the_variance():
    layer = make_normalization([[1.0]], [[0.0]], epsilon=1.0)
    x = np.asarray([[4.0, 0.0], [0.0, 0.0]], np.float32)  # Variance 3.
    y = layer(x[None, :, :, None], np.ones((1, 1), np.float32))
    np.testing.assert_allclose(
        to_numpy(y)[0, :, :, 0], [[1.5, -0.5], [-0.5, -0.5]], rtol=1e-6
    )


def test_each_picture_of_a_batch_has_its_moments_and_weights():
    layer = make_normalization([[1.0], [3.0]], [[0.0], [0.0]])
    x = np.stack([5 + CHECKERBOARD, 100 * CHECKERBOARD])
    y = layer(x[..., None].astype(np.float32), np.eye(2, dtype=np.float32))
    sign = 2 * CHECKERBOARD - 1
    np.testing.assert_allclose(to_numpy(y)[..., 0], [sign, 3 * sign], rtol=1e-6)


@pytest.mark.parametrize("size", [(4, 6), (8, 12), (2, 3), (16, 24)])
def test_a_map_of_any_size_says_where_a_style_is(size):
    """The left third is style 0, the bottom half of the rest is style 2."""
    layer = make_normalization([[0.0]] * 3, [[0.0], [1.0], [2.0]])
    height, width = size
    styles = np.ones(size, int)
    styles[height // 2 :] = 2
    styles[:, : width // 3] = 0
    y = layer(
        CHECKERBOARD[None, :, :, None].astype(np.float32),
        np.eye(3, dtype=np.float32)[styles][None],
    )
    expected = [[0, 0, 1, 1, 1, 1]] * 2 + [[0, 0, 2, 2, 2, 2]] * 2
    np.testing.assert_array_equal(to_numpy(y)[0, :, :, 0], expected)


def test_given_moments_are_used_and_returned():
    layer = make_normalization([[1.0]], [[0.0]])
    mean = np.full((1, 1, 1, 1), 3.0, np.float32)
    y, moments = layer(
        np.full((1, 2, 2, 1), 13.0, np.float32),
        np.ones((1, 1), np.float32),
        moments=(mean, mean + 22),
        return_moments=True,
    )
    np.testing.assert_allclose(to_numpy(y), 2.0, rtol=1e-6)
    assert [to_numpy(m).item() for m in moments] == [3, 25]
