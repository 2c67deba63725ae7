import json

import keras
import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network.transform import TransformNetwork

SIZES = [(8, 8), (9, 11), (13, 8), (18, 15), (20, 24)]
STYLES = ["starry_night", "great_wave", "the_scream"]


def make_inputs(height, width, *weights):
    random = np.random.default_rng(height * 1000 + width)
    image = random.uniform(0, 1, (len(weights), height, width, 3))
    return {
        "image": image.astype(np.float32),
        "style_weights": np.asarray(weights, np.float32),
    }


def paint(network, inputs, **options):
    return keras.ops.convert_to_numpy(network(inputs, **options))


def with_one_style(network, weights):
    """The same network with one row: the blend of its rows by `weights`."""
    single = TransformNetwork(
        ["blend"], width_multiplier=network.width_multiplier
    )
    for mine, theirs in zip(single.blocks, network.blocks, strict=True):
        mine.convolution.set_weights(theirs.convolution.get_weights())
        mine.normalization.set_weights(
            [
                (np.asarray(weights) @ table)[None]
                for table in theirs.normalization.get_weights()
            ]
        )
    return single


@pytest.mark.parametrize(
    ("width_multiplier", "num_styles", "count"),
    [
        (1.0, 1, 1_674_432 + 3_206),
        (1.0, 32, 1_777_024),
        (0.25, 1, 107_568 + 806),
        (0.25, 12, 107_568 + 12 * 806),
    ],
)
def test_counts_of_parameters(width_multiplier, num_styles, count):
    network = TransformNetwork(
        num_styles=num_styles, width_multiplier=width_multiplier
    )
    assert network.count_params() == count
    assert sum(np.size(w) for w in network.get_weights()) == count
    assert network.num_styles == num_styles
    assert network.style_names[-1] == f"style_{num_styles - 1}"


def test_sixteen_blocks_in_the_paper_s_order():
    network = TransformNetwork(num_styles=1)
    table = [
        (block.kernel_size, block.filters, block.strides, block.upsample)
        for block in network.blocks
    ]
    assert table == [
        (9, 32, 1, False),
        (3, 64, 2, False),
        (3, 128, 2, False),
        *[(3, 128, 1, False)] * 10,
        (3, 64, 1, True),
        (3, 32, 1, True),
        (9, 3, 1, False),
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_result_has_the_photograph_s_size(small_network, size):
    inputs = make_inputs(*size, [1, 0, 0], [0, 0.5, 0.5])
    picture = paint(small_network, inputs)
    assert picture.shape == (2, *size, 3)
    assert picture.dtype == np.float32
    assert picture.min() >= 0 and picture.max() <= 1
    assert picture.std() > 0.01
    shapes = {name: array.shape for name, array in inputs.items()}
    assert small_network.compute_output_shape(shapes) == picture.shape


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("margin", [0, 8])
def test_a_picture_is_part_of_a_larger_reflected_one(
    small_network, size, margin
):
    """To sizes that four divides, and but for training by 8 on each side."""
    inputs = make_inputs(*size, [0, 1, 0])
    extension = [(margin, margin + -length % 4) for length in size]
    whole = np.pad(
        inputs["image"], [(0, 0), *extension, (0, 0)], mode="reflect"
    )
    rows, columns = (slice(margin, margin + length) for length in size)
    np.testing.assert_allclose(
        paint(small_network, inputs, training=margin == 0),
        paint(small_network, {**inputs, "image": whole}, training=True)[
            :, rows, columns
        ],
        atol=1e-6,
    )


@pytest.mark.parametrize("weights", [*np.eye(3).tolist(), [0.5, 0.2, 0.3]])
def test_style_weights_blend_rows(small_network, weights):
    single = with_one_style(small_network, weights)
    inputs = make_inputs(16, 20, weights)
    np.testing.assert_allclose(
        paint(small_network, inputs),
        paint(single, make_inputs(16, 20, [1])),
        atol=1e-5,
    )


def test_styles_differ(small_network):
    image = make_inputs(16, 20, [0])["image"].repeat(3, axis=0)
    pictures = paint(
        small_network,
        {"image": image, "style_weights": np.eye(3, dtype=np.float32)},
    )
    for i in range(3):
        assert np.abs(pictures[i] - pictures[i - 1]).mean() > 0.01


@pytest.mark.parametrize("size", SIZES)
def test_a_constant_map_is_the_vector(small_network, size):
    inputs = make_inputs(*size, [0.2, 0.5, 0.3])
    vector = paint(small_network, inputs)
    for repeats in ((1, 1), size):
        weights = np.tile(inputs["style_weights"][:, None, None], (*repeats, 1))
        np.testing.assert_allclose(
            paint(small_network, {**inputs, "style_weights": weights}),
            vector,
            atol=1e-4,
        )


@pytest.mark.parametrize(
    ("size", "row", "column"), [((37, 29), 20, 11), ((10, 15), 9, 14)]
)
def test_a_map_s_edges_stay_where_they_are(size, row, column):
    """Style 0 paints black, 1 white: by the last layer's beta alone."""
    network = TransformNetwork(num_styles=2, width_multiplier=0.25)
    last = network.blocks[-1].normalization
    last.gamma.assign(np.zeros((2, 3)))
    last.beta.assign([[-50.0] * 3, [50.0] * 3])
    is_white = np.zeros(size, int)
    is_white[row:, column:] = 1
    inputs = make_inputs(*size, [0, 0])
    inputs["style_weights"] = np.eye(2, dtype=np.float32)[is_white][None]
    picture = paint(network, inputs)[0]
    expected = np.repeat(is_white[..., None], 3, axis=-1)
    np.testing.assert_allclose(picture, expected, atol=1e-6)


def test_a_map_has_a_style_on_each_side(small_network):
    """Far from its edge a map under given moments paints as one style."""
    inputs = make_inputs(8, 160, [1, 0, 0])
    left, moments = small_network.measure(inputs)
    right = paint(
        small_network,
        {**inputs, "style_weights": np.eye(3, dtype=np.float32)[[1]]},
        moments=moments,
    )
    styles = np.zeros((8, 160), int)
    styles[:, 80:] = 1
    mixed = paint(
        small_network,
        {**inputs, "style_weights": np.eye(3, dtype=np.float32)[styles][None]},
        moments=moments,
    )
    np.testing.assert_allclose(mixed[:, :, :16], left[:, :, :16], atol=1e-5)
    np.testing.assert_allclose(mixed[:, :, 144:], right[:, :, 144:], atol=1e-5)
    assert np.abs(mixed - right).max() > 0.01


def test_measured_moments_give_the_picture_again(small_network):
    inputs = make_inputs(18, 15, [1, 0, 0], [0, 0.5, 0.5])
    picture, moments = small_network.measure(inputs)
    np.testing.assert_array_equal(picture, paint(small_network, inputs))
    assert list(moments) == [block.name for block in small_network.blocks]
    for block in small_network.blocks:
        for moment in moments[block.name]:
            assert tuple(moment.shape) == (2, 1, 1, block.filters)
            assert keras.backend.standardize_dtype(moment.dtype) == "float32"
    again, used = small_network.measure(inputs, moments)
    np.testing.assert_array_equal(again, picture)
    for name, pair in moments.items():
        for given, returned in zip(pair, used[name], strict=True):
            np.testing.assert_array_equal(given, returned)


def test_moments_of_another_picture_paint_another(small_network):
    inputs = make_inputs(18, 15, [1, 0, 0])
    darker = {**inputs, "image": inputs["image"] * 0.1}
    _, moments = small_network.measure(darker)
    difference = paint(small_network, inputs, moments=moments) - paint(
        small_network, inputs
    )
    assert np.abs(difference).mean() > 0.01


def test_the_first_moments_are_those_of_the_first_convolution(small_network):
    inputs = make_inputs(8, 12, [1, 0, 0])
    _, moments = small_network.measure(inputs)
    (kernel,) = small_network.blocks[0].convolution.get_weights()
    # The picture is continued by 8 pixels first.
    padded = inputs["image"][0]
    for margin in (8, 4):
        padded = np.pad(
            padded, [(margin, margin), (margin, margin), (0, 0)], mode="reflect"
        )
    windows = np.lib.stride_tricks.sliding_window_view(padded, (9, 9), (0, 1))
    result = np.einsum("hwcij,ijcf->hwf", windows.astype(np.float64), kernel)
    mean, variance = (
        keras.ops.convert_to_numpy(m)[0, 0, 0] for m in moments["contract_1"]
    )
    np.testing.assert_allclose(mean, result.mean(axis=(0, 1)), atol=1e-5)
    np.testing.assert_allclose(variance, result.var(axis=(0, 1)), rtol=1e-4)


def test_skip_connections_change_pictures_and_no_parameters(small_network):
    config = {**small_network.get_config(), "skip_connections": False}
    plain = TransformNetwork.from_config(config)
    plain.set_weights(small_network.get_weights())
    assert plain.count_params() == small_network.count_params()
    inputs = make_inputs(16, 20, [1, 0, 0])
    difference = paint(plain, inputs) - paint(small_network, inputs)
    assert np.abs(difference).mean() > 0.01
    _, with_skips = small_network.measure(inputs)
    _, without = plain.measure(inputs)
    # Only what comes after the first sum differs.
    is_equal = {
        name: np.array_equal(with_skips[name][0], without[name][0])
        for name in with_skips
    }
    assert [name for name in is_equal if not is_equal[name]] == [
        "expand_2",
        "expand_3",
    ]


def test_a_flat_picture_is_painted_finite(small_network):
    for level in (0.0, 0.5, 1.0):
        picture = paint(
            small_network,
            {
                "image": np.full((1, 16, 16, 3), level, np.float32),
                "style_weights": np.eye(3, dtype=np.float32)[[0]],
            },
        )
        assert np.isfinite(picture).all()


def test_mixed_precision_paints_nearly_the_same(small_network):
    config = {**small_network.get_config(), "dtype": "mixed_bfloat16"}
    mixed = TransformNetwork.from_config(config)
    mixed.set_weights(small_network.get_weights())
    assert {w.dtype for w in mixed.weights} == {"float32"}
    inputs = make_inputs(18, 15, [0.2, 0.5, 0.3])
    picture, moments = mixed.measure(inputs)
    assert keras.backend.standardize_dtype(picture.dtype) == "bfloat16"
    for pair in moments.values():
        for moment in pair:
            assert keras.backend.standardize_dtype(moment.dtype) == "float32"
    picture = keras.ops.convert_to_numpy(keras.ops.cast(picture, "float32"))
    difference = np.abs(picture - paint(small_network, inputs))
    assert 0 < difference.mean() < 0.02


def test_the_config_makes_the_network_again(small_network):
    config = json.loads(json.dumps(small_network.get_config()))
    again = TransformNetwork.from_config(config)
    assert again.get_config() == small_network.get_config()
    assert again.style_names == STYLES
    assert again.credits == {
        "great_wave": {"artist": "Hokusai", "year": "1831"}
    }
    assert again.width_multiplier == 0.25
    assert again.skip_connections is True
    again.set_weights(small_network.get_weights())
    inputs = make_inputs(9, 11, [0.2, 0.5, 0.3])
    np.testing.assert_array_equal(
        paint(again, inputs), paint(small_network, inputs)
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "either `style_names` or `num_styles`.*num_styles=None"),
        ({"style_names": ["a"], "num_styles": 1}, "either `style_names` or"),
        ({"num_styles": 0}, "At least one style name"),
        ({"style_names": "udnie"}, "a list of names; got `udnie`"),
        ({"style_names": ["a", "b", "a"]}, "`a` is given twice"),
        ({"style_names": ["a b"]}, "`a b` may hold only.*try `a_b`"),
        ({"num_styles": 1, "width_multiplier": 0}, "above 0; got `0`"),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        TransformNetwork(**options)


def test_a_credit_needs_its_style():
    with pytest.raises(InputError, match=r"`udnye`.*did you mean `udnie`"):
        TransformNetwork(["udnie"], credits={"udnye": {"artist": "Picabia"}})


def test_keras_exports_it_with_free_sizes(tmp_path):
    """By `export` alone, before it was ever called."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("A SavedModel of free sizes needs TensorFlow.")
    import tensorflow as tf

    network = TransformNetwork(STYLES, width_multiplier=0.1)
    network.export(tmp_path / "served", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "served"))
    for inputs in (
        make_inputs(9, 14, [1, 0, 0]),
        make_inputs(16, 11, [0, 1, 0], [0.2, 0.3, 0.5]),
    ):
        expected = paint(network, inputs)
        painted = loaded.serve(inputs).numpy()
        np.testing.assert_allclose(painted, expected, atol=1e-5)
        by_name = loaded.signatures["serving_default"](
            **{name: tf.constant(array) for name, array in inputs.items()}
        )
        np.testing.assert_array_equal(by_name["output_0"].numpy(), painted)


def test_keras_exports_maps_where_it_is_told_so(tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("A SavedModel of free sizes needs TensorFlow.")
    import tensorflow as tf

    network = TransformNetwork(STYLES, width_multiplier=0.1)
    shapes = {
        "image": (None, None, None, 3),
        "style_weights": (None, None, None, 3),
    }
    signature = {
        name: keras.InputSpec(shape=shape, dtype="float32", name=name)
        for name, shape in shapes.items()
    }
    network.export(tmp_path, verbose=False, input_signature=[signature])
    inputs = make_inputs(10, 13, [1, 0, 0])
    style_map = np.eye(3, dtype=np.float32)[np.arange(13) % 3]
    inputs["style_weights"] = np.tile(style_map, (1, 10, 1, 1))
    loaded = tf.saved_model.load(str(tmp_path))
    np.testing.assert_allclose(
        loaded.serve(inputs).numpy(), paint(network, inputs), atol=1e-5
    )


def test_a_backend_without_free_sizes_is_named(tmp_path, monkeypatch):
    network = TransformNetwork(STYLES, width_multiplier=0.1)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(InputError, match="on `jax`: set KERAS_BACKEND"):
        network.export(tmp_path / "served")
