import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from multistyle.errors import InputError
from multistyle.inference.augmentation import RandomStylization
from multistyle.learning.repertoire import read_repertoire
from multistyle.network.growth import with_styles
from multistyle.network.models import find_model, load_network
from multistyle.network.styles import fingerprint

STYLE = "great_wave"
STYLES = ["starry_night", "great_wave", "the_scream"]


@pytest.fixture(scope="module")
def pictures():
    random = np.random.default_rng(0)
    return random.uniform(0, 255, (6, 16, 20, 3)).astype(np.float32)


@pytest.fixture
def make(small_network):
    """Makes a layer of the small network."""

    def make(**options):
        return RandomStylization(small_network, **options)

    return make


@pytest.fixture(scope="module")
def painted(small_network, pictures):
    """Each picture in each style as the network paints it, in [0, 255]."""
    return {
        name: 255
        * to_numpy(
            small_network(
                {
                    "image": pictures / 255,
                    "style_weights": np.tile(row, (len(pictures), 1)),
                }
            )
        )
        for name, row in zip(STYLES, np.eye(3, dtype=np.float32), strict=True)
    }


def to_numpy(tensor):
    return np.array(keras.ops.convert_to_numpy(tensor))


def draw(layer, count):
    """Returns what a layer draws for pictures, as arrays."""
    drawn = layer.get_random_transformation(np.zeros((count, 8, 8, 3)))
    return {key: to_numpy(value) for key, value in drawn.items()}


def assert_same(actual, expected, atol=1e-2):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=atol)


# Limits with known answers.


def test_strength_1_is_the_network_s_picture(make, pictures, painted):
    layer = make(strength=1, styles=[STYLE])
    assert_same(to_numpy(layer(pictures)), painted[STYLE])


def test_strength_0_is_the_picture(make, pictures):
    layer = make(strength=0)
    np.testing.assert_array_equal(to_numpy(layer(pictures)), pictures)


def test_strength_is_a_blend_of_pixels(make, pictures, painted):
    layer = make(strength=0.25, styles=[STYLE])
    expected = 0.75 * pictures + 0.25 * painted[STYLE]
    assert_same(to_numpy(layer(pictures)), expected)


@pytest.mark.parametrize("value_range", [(0, 1), (-1, 1)])
def test_the_value_range_is_that_of_the_pictures(
    make, pictures, painted, value_range
):
    low, high = value_range
    layer = make(strength=1, styles=[STYLE], value_range=value_range)
    output = to_numpy(layer(pictures / 255 * (high - low) + low))
    assert_same(output, painted[STYLE] / 255 * (high - low) + low, atol=1e-4)


def test_a_picture_alone_is_painted_as_in_a_batch(make, pictures, painted):
    output = to_numpy(make(strength=1, styles=[STYLE])(pictures[0]))
    assert output.shape == pictures[0].shape
    assert_same(output, painted[STYLE][0])


def test_a_blend_of_one_style_is_the_style(make, pictures, painted):
    layer = make(strength=1, styles=[STYLE], blend=True)
    assert_same(to_numpy(layer(pictures)), painted[STYLE])


def test_probability_0_paints_nothing(make, pictures):
    layer = make(probability=0)
    np.testing.assert_array_equal(to_numpy(layer(pictures)), pictures)


def test_at_inference_nothing_changes(make, pictures):
    output = to_numpy(make()(pictures, training=False))
    np.testing.assert_array_equal(output, pictures)


# What is drawn.


def test_each_picture_has_a_style_of_its_own(make, pictures, painted):
    output = to_numpy(make(strength=1, seed=3)(pictures))
    names = [
        min(STYLES, key=lambda name: np.abs(painted[name][i] - picture).mean())
        for i, picture in enumerate(output)
    ]
    assert set(names) == set(STYLES)
    expected = [painted[name][i] for i, name in enumerate(names)]
    assert_same(output, np.stack(expected))


def test_styles_are_drawn_evenly_and_one_at_a_time(make):
    weights = draw(make(seed=0), 3000)["style_weights"]
    np.testing.assert_array_equal(np.sort(weights), [[0, 0, 1]] * 3000)
    np.testing.assert_allclose(weights.mean(axis=0), 1 / 3, atol=0.03)


def test_blends_are_drawn_evenly(make):
    weights = draw(make(seed=0, blend=True), 3000)["style_weights"]
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    # Of the uniform distribution over a triangle.
    np.testing.assert_allclose(weights.mean(axis=0), 1 / 3, atol=0.02)
    np.testing.assert_allclose(weights.var(axis=0), 1 / 18, atol=0.005)


@pytest.mark.parametrize("blend", [False, True])
def test_only_styles_that_are_asked_for(make, blend):
    layer = make(styles=["the_scream", "starry_night"], blend=blend, seed=0)
    weights = draw(layer, 300)["style_weights"]
    assert (weights[:, 1] == 0).all()
    assert (weights[:, [0, 2]].max(axis=0) > 0.9).all()


def test_strengths_are_drawn_evenly_from_their_range(make):
    strength = draw(make(strength=(0.2, 0.8), seed=0), 3000)["strength"]
    assert 0.2 <= strength.min() < 0.21 and 0.79 < strength.max() <= 0.8
    np.testing.assert_allclose(strength.mean(), 0.5, atol=0.02)


def test_pictures_are_left_out_by_probability(make):
    strength = draw(make(probability=0.3, seed=0), 3000)["strength"]
    np.testing.assert_allclose((strength > 0).mean(), 0.3, atol=0.03)


def test_the_same_seed_gives_the_same_pictures(make, pictures):
    first, twin, other = make(seed=1), make(seed=1), make(seed=2)
    outputs = [to_numpy(first(pictures)) for _ in range(2)]
    for output in outputs:
        np.testing.assert_array_equal(to_numpy(twin(pictures)), output)
    assert np.abs(outputs[0] - outputs[1]).mean() > 1
    assert np.abs(outputs[0] - to_numpy(other(pictures))).mean() > 1


# Types.


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("dtype", [None, "mixed_bfloat16"])
def test_the_output_has_the_compute_dtype(make, pictures, training, dtype):
    layer = make(dtype=dtype)
    output = layer(pictures.astype(np.uint8), training=training)
    expected = "bfloat16" if dtype else "float32"
    assert keras.backend.standardize_dtype(output.dtype) == expected
    assert tuple(output.shape) == pictures.shape


def test_the_symbolic_shape_is_that_of_the_pictures(make):
    output = make()(keras.Input((None, 24, 3)))
    assert output.shape == (None, None, 24, 3)
    assert make().compute_output_shape((None, 9, 9, 3)) == (None, 9, 9, 3)


def test_of_a_dict_only_the_pictures_change(make, pictures):
    data = {
        "images": pictures,
        "labels": np.arange(6),
        "segmentation_masks": np.ones((6, 16, 20, 1), np.uint8),
    }
    output = make(strength=1)(dict(data))
    assert np.abs(to_numpy(output.pop("images")) - pictures).mean() > 1
    assert set(output) == {"labels", "segmentation_masks"}
    for key, value in output.items():
        np.testing.assert_array_equal(to_numpy(value), data[key])


# Several pictures of a sample.


@pytest.fixture
def clips(pictures):
    """Two clips of three frames, each one picture three times."""
    return np.repeat(pictures[:2, None], 3, axis=1)


def test_the_pictures_of_a_sample_share_what_is_drawn(make, clips):
    output = to_numpy(make(seed=3)(clips))
    assert output.shape == clips.shape
    for clip in output:
        assert np.ptp(clip, axis=0).max() < 0.01
    drawn = draw(make(seed=3), 2)
    first, second = drawn["strength"]
    assert first != second


def test_each_picture_of_a_sample_is_painted_as_it_is(make, pictures, painted):
    layer = make(strength=1, styles=[STYLE])
    output = to_numpy(layer(pictures.reshape(2, 3, *pictures.shape[1:])))
    assert_same(output.reshape(pictures.shape), painted[STYLE])


def test_samples_of_several_pictures_in_tf_data(make, clips, pictures):
    dataset = tf.data.Dataset.from_tensor_slices(
        {"images": clips, "labels": np.arange(2)}
    )
    dataset = dataset.repeat(3).batch(4).map(make(seed=0))
    sizes = []
    for batch in dataset.as_numpy_iterator():
        sizes.append(len(batch["images"]))
        for clip in batch["images"]:
            assert np.ptp(clip, axis=0).max() < 0.01
        assert np.abs(batch["images"][0] - pictures[0]).mean() > 1
    assert sizes == [4, 2]


# Styles without end.


def test_any_style_lies_between_two_of_the_repertoire(make, small_reader):
    weights = draw(make(styles="any", seed=0), 2000)["style_weights"]
    assert weights.shape == (2000, 256) and weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    counts = (weights > 0).sum(axis=1)
    assert set(counts) == {1, 2} and (counts == 2).mean() > 0.98
    # The larger share of two that are drawn evenly is 3/4 in the mean.
    largest = weights.max(axis=1)[counts == 2]
    assert largest.mean() == pytest.approx(0.75, abs=0.01)
    assert (weights > 0).any(axis=0).all()


def test_any_style_is_what_the_reader_reads(
    make, small_reader, small_network, pictures
):
    layer = make(styles="any", strength=1, seed=5)
    weights = draw(layer, len(pictures))["style_weights"]
    rows = read_repertoire(fingerprint(small_network))
    grown = with_styles(small_network, [f"s{i}" for i in range(256)], rows)
    inputs = {"image": pictures / 255, "style_weights": weights}
    output = to_numpy(make(styles="any", strength=1, seed=5)(pictures))
    assert_same(output, 255 * to_numpy(grown(inputs)))


def test_a_layer_of_any_styles_is_made_again_from_its_config():
    layer = RandomStylization("paintings", styles="any", seed=1)
    config = json.loads(json.dumps(layer.get_config()))
    assert config["styles"] == "any"
    again = RandomStylization.from_config(config)
    np.testing.assert_array_equal(
        draw(again, 3)["style_weights"], draw(layer, 3)["style_weights"]
    )


# In use.


@pytest.mark.parametrize("is_batched", [False, True])
def test_in_a_tf_data_map(make, pictures, painted, is_batched):
    layer = make(strength=1, styles=[STYLE])
    dataset = tf.data.Dataset.from_tensor_slices(pictures)
    dataset = dataset.batch(4).map(layer) if is_batched else dataset.map(layer)
    assert tuple(dataset.element_spec.shape)[-3:] == (16, 20, 3)
    if is_batched:
        dataset = dataset.unbatch()
    output = np.stack(list(dataset.as_numpy_iterator()))
    assert_same(output, painted[STYLE])


def test_the_same_seed_gives_the_same_in_tf_data(make, pictures):
    def run(seed):
        dataset = tf.data.Dataset.from_tensor_slices(pictures).batch(3)
        return np.stack(list(dataset.map(make(seed=seed)).as_numpy_iterator()))

    first = run(1)
    np.testing.assert_array_equal(run(1), first)
    assert np.abs(run(2) - first).mean() > 1
    assert np.abs(first[0] - first[1]).mean() > 1


def test_pictures_of_any_size_in_tf_data(make):
    sizes = [(9, 30), (16, 8), (21, 13)]
    dataset = tf.data.Dataset.from_generator(
        lambda: (np.full((*size, 3), 99, np.uint8) for size in sizes),
        output_signature=tf.TensorSpec((None, None, 3), tf.uint8),
    )
    outputs = list(dataset.map(make()).as_numpy_iterator())
    assert [output.shape[:2] for output in outputs] == sizes


@pytest.fixture
def make_classifier():
    def make_classifier(layer):
        keras.utils.set_random_seed(0)
        model = keras.Sequential(
            [
                keras.Input((16, 20, 3)),
                layer,
                keras.layers.Rescaling(1 / 255),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(2, kernel_initializer="zeros"),
            ]
        )
        model.compile(keras.optimizers.SGD(1.0), "mse", jit_compile=False)
        return model

    return make_classifier


def test_fit_sees_painted_pictures(make, make_classifier, pictures, painted):
    model = make_classifier(make(strength=1, styles=[STYLE]))
    targets = np.ones((6, 2), np.float32)
    model.fit(pictures, targets, batch_size=6, verbose=0)
    # One step of gradient descent from zeros on ((1 - prediction)^2) / 2.
    kernel, bias = model.get_weights()
    means = painted[STYLE].mean(axis=(0, 1, 2)) / 255
    np.testing.assert_allclose(kernel, np.stack([means, means], 1), atol=1e-4)
    np.testing.assert_allclose(bias, 1, atol=1e-5)
    # And prediction the pictures themselves.
    expected = pictures.mean(axis=(1, 2)) / 255 @ kernel + bias
    prediction = model.predict(pictures, verbose=0)
    np.testing.assert_allclose(prediction, expected, atol=1e-4)


def test_the_network_is_no_part_of_the_model(
    make, make_classifier, small_network, pictures, painted
):
    layer = make(strength=1, styles=[STYLE])
    model = make_classifier(layer)
    assert [tuple(w.shape) for w in model.weights] == [(3, 2), (2,)]
    assert small_network.trainable and small_network.trainable_variables
    # It is a copy: a training of the network does not reach it.
    before = small_network.get_weights()
    small_network.set_weights([0 * weight for weight in before])
    output = to_numpy(layer(pictures))
    small_network.set_weights(before)
    assert_same(output, painted[STYLE])


def test_a_model_is_saved_with_the_layer(
    make_classifier, small_model_path, pictures, tmp_path
):
    layer = RandomStylization(small_model_path, strength=1, styles=[STYLE])
    model = make_classifier(layer)
    model.fit(pictures, np.ones((6, 2)), verbose=0)
    model.save(tmp_path / "model.keras")
    assert (tmp_path / "model.keras").stat().st_size < 50_000
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        to_numpy(loaded(pictures, training=True)),
        to_numpy(model(pictures, training=True)),
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {
            "strength": (0.1, 0.4),
            "styles": ["the_scream", STYLE],
            "blend": True,
            "probability": 0.5,
            "value_range": (0, 1),
            "name": "painter",
        },
    ],
)
def test_the_config_makes_the_same_layer(small_model_path, options, pictures):
    layer = RandomStylization(small_model_path, seed=5, **options)
    config = json.loads(json.dumps(layer.get_config()))
    assert config["model"] == str(small_model_path)
    twin = RandomStylization.from_config(config)
    assert twin.get_config() == layer.get_config()
    for key, value in options.items():
        assert np.array_equal(getattr(twin, key), value)
    np.testing.assert_array_equal(
        to_numpy(twin(pictures)), to_numpy(layer(pictures))
    )


def test_a_bundled_model_by_name(pictures):
    layer = RandomStylization("paintings")
    assert layer.get_config()["model"] == "paintings"
    names = load_network(find_model("paintings")).style_names
    assert draw(layer, 4)["style_weights"].shape == (4, len(names))


# Errors.


def assert_one_line(caught):
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strength": 1.5}, "`strength` is .* got `1.5`"),
        ({"strength": (0.8, 0.2)}, r"the smaller first; got `\(0.8, 0.2\)`"),
        ({"strength": (0, 0.5, 1)}, r"`strength` .* got `\(0, 0.5, 1\)`"),
        ({"strength": float("nan")}, "`strength` .* got `nan`"),
        ({"strength": "much"}, "`strength` .* got `much`"),
        ({"strength": ()}, "`strength` .* got `\\(\\)`"),
        ({"strength": None}, "`strength` .* got `None`"),
        ({"seed": 1.5}, "`seed` must be a whole number; got `1.5`"),
        ({"seed": "x"}, "`seed` must be a whole number; got `x`"),
        ({"probability": -0.1}, "`probability` .* got `-0.1`"),
        ({"probability": (0, 1)}, r"`probability` .* got `\(0, 1\)`"),
        ({"value_range": 255}, "`value_range` .* got `255`"),
        ({"value_range": (1, 0)}, r"`value_range` .* got `\(1, 0\)`"),
        ({"value_range": (0, np.inf)}, r"`value_range` .* got `\(0, inf\)`"),
        ({"styles": ["great_wav"]}, "`great_wav`; did you mean `great_wave`"),
        ({"styles": [STYLE, STYLE]}, "`great_wave` is given twice"),
        ({"styles": []}, "At least one style name"),
        ({"styles": STYLE}, "a list of names; got `great_wave`"),
        ({"styles": "any"}, '`styles="any"` needs .* of a bundled model'),
        ({"styles": "any", "blend": True}, "leave `blend` out"),
    ],
)
def test_a_wrong_option_is_one_line(make, options, message):
    with pytest.raises(InputError, match=message) as caught:
        make(**options)
    assert_one_line(caught)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("painting", "no model `painting`.*`paintings`"),
        ("runs/none.keras", "no model file or run folder `runs/none.keras`"),
        (None, "`model` is .* got a `NoneType`"),
        (12, "`model` is .* got a `int`"),
    ],
)
def test_a_wrong_model_is_one_line(model, message):
    with pytest.raises(InputError, match=message) as caught:
        RandomStylization(model)
    assert_one_line(caught)


@pytest.mark.parametrize(
    "shape",
    [(16, 16), (16, 16, 1), (2, 16, 16, 4), (2, 7, 16, 3), (1, 2, 7, 9, 3)],
)
@pytest.mark.parametrize("training", [False, True])
def test_pictures_of_another_shape_are_one_line(make, shape, training):
    shown = ", ".join(map(str, shape))
    with pytest.raises(InputError, match=f"got `\\[{shown}\\]`") as caught:
        make()(np.zeros(shape), training=training)
    assert_one_line(caught)


def test_an_unknown_shape_in_tf_data_says_what_to_do(make):
    dataset = tf.data.Dataset.from_generator(
        lambda: [np.zeros((9, 9, 3))],
        output_signature=tf.TensorSpec(None, tf.float32),
    )
    # TensorFlow makes an error of its own of it, with the lines of the code.
    with pytest.raises(Exception, match="unknown shape: call `set_shape`"):
        dataset.map(make())


def test_a_layer_of_a_network_cannot_be_saved(make):
    with pytest.raises(InputError, match="the name or the path") as caught:
        make().get_config()
    assert_one_line(caught)
