"""The pocket network, beside VGG-16 where its weights are at hand.

The figures of agreement are printed with `pytest -s`.
"""

import json

import keras
import numpy as np
import pytest
from keras import ops

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import PAINTINGS_FOLDER, PHOTOGRAPHS_FOLDER
from multistyle.images.values import to_float
from multistyle.network.models import find_model, load_network
from multistyle.perceptual.losses import content_loss, style_loss
from multistyle.perceptual.pocket import (
    POCKET_BLOCKS,
    POCKET_PATH,
    load_pocket,
)
from multistyle.perceptual.vgg16 import load_vgg16
from multistyle.perceptual.vgg16_weights import find_vgg16_weights
from tests.perceptual.convolutions import convolve, make_picture, pool

LAYERS = ["relu1_2", "relu2_2", "relu3_3", "relu4_3"]
PHOTOGRAPHS = ("astronaut", "cat", "coffee")
# Of a trained network's weights; the rest are those that it began with.
QUALITIES = (0.0, 0.4, 0.7, 1.0)
SIZE = 96


@pytest.fixture(scope="module")
def pocket():
    return load_pocket()


@pytest.fixture(scope="module")
def networks(pocket):
    """The teacher and the pocket."""
    path = find_vgg16_weights()
    if path is None:
        pytest.skip("there are no weights of VGG-16 on this machine")
    return load_vgg16(path), pocket


def test_features_are_those_of_a_forward_pass_in_numpy(pocket):
    image = make_picture(19, 24)
    features = pocket(image)
    assert list(features) == LAYERS == list(pocket.style_layers)
    with np.load(POCKET_PATH) as arrays:
        arrays = {k: v.astype(np.float64) for k, v in arrays.items()}
    x = image[0].astype(np.float64) - 0.45
    for block, widths in enumerate(POCKET_BLOCKS, 1):
        x = x if block == 1 else pool(x)
        for i in range(1, len(widths) + 1):
            name = f"conv{block}_{i}"
            x = convolve(x, arrays[f"{name}/kernel"], arrays[f"{name}/bias"])
        expected = x @ arrays[f"{LAYERS[block - 1]}/kernel"][0, 0]
        np.testing.assert_allclose(
            ops.convert_to_numpy(features[LAYERS[block - 1]])[0],
            expected,
            rtol=1e-3,
            atol=1e-4 * np.abs(expected).max(),
        )


def test_the_content_is_relu3_3(pocket):
    image = make_picture(16, 16)
    assert pocket.content_layer == "relu3_3"
    np.testing.assert_array_equal(
        pocket.content_features(image), pocket(image)["relu3_3"]
    )


def test_it_is_frozen(pocket):
    assert pocket.model.trainable_weights == []


def test_mixed_precision_sees_nearly_the_same(pocket):
    image = make_picture(32, 32)
    features = load_pocket("mixed_bfloat16")(image)
    for name, expected in pocket(image).items():
        assert keras.backend.standardize_dtype(features[name].dtype) == (
            "bfloat16"
        )
        difference = ops.cast(features[name], "float32") - expected
        difference = ops.convert_to_numpy(difference)
        expected = ops.convert_to_numpy(expected)
        assert np.linalg.norm(difference) < 0.02 * np.linalg.norm(expected)


def test_the_file_is_small_and_has_a_card():
    assert POCKET_PATH.stat().st_size < 3e6
    with np.load(POCKET_PATH) as arrays:
        assert {array.dtype.name for array in arrays.values()} == {"float16"}
        num_parameters = sum(array.size for array in arrays.values())
    card = json.loads(POCKET_PATH.with_suffix(".json").read_text("utf-8"))
    assert card["num_parameters"] == num_parameters
    assert card["licence"] == "CC BY 4.0"
    assert "Oxford" in card["made_from"] and "VGG-16" in card["made_from"]
    assert "Simonyan" in card["made_from"]
    assert card["changes"] and card["data"] and card["agreement"]
    assert card["command"].startswith("python recipes/pocket.py ")


class Gradients(keras.Model):
    """Pictures as the one weight: a step at rate 1 takes off their gradient.

    So it works on each backend of Keras.
    """

    def __init__(self, network, pictures, photographs, painting):
        super().__init__()
        self.network = network
        # Keras carries the variables of models that it sees as attributes.
        self.models = [network.model, network.content_model]
        self.pictures = ops.convert_to_tensor(pictures)
        self.content = network.content_features(photographs)
        self.targets = network.gram_matrices(network(painting))
        self.change = self.add_weight(pictures.shape, "zeros")
        self.built = True
        self.compile(keras.optimizers.SGD(1.0), run_eagerly=True)

    def losses_of(self, name):
        """Returns one layer's loss for each picture; content by its name."""
        features = self.network(self.pictures + self.change)
        if name == "content":
            layer = self.network.content_layer
            return content_loss(features[layer], self.content)
        grams = self.network.gram_matrices(features)
        return style_loss({"": grams[name]}, {"": self.targets[name]})

    def call(self, x):
        return x

    def compute_loss(self, x=None, *args, **kwargs):
        return ops.sum(self.losses_of(self.name_of_loss))

    def measure(self, name):
        """Returns the losses [P] and their gradients [P, S * S * 3]."""
        self.change.assign(np.zeros(self.change.shape))
        values = ops.convert_to_numpy(self.losses_of(name))
        self.name_of_loss = name
        self.train_on_batch(np.zeros((1, 1), np.float32))
        gradients = -ops.convert_to_numpy(self.change)
        return values, gradients.reshape(len(values), -1)


@pytest.fixture(scope="module")
def pictures():
    """Pastiches of photographs from bad to good, and a painting.

    None of them was shown to the pocket but the painting.

    Returns:
        Pastiches and photographs [P, S, S, 3], painting [1, S, S, 3].
    """
    photographs = np.stack(
        [
            resize(
                to_float(read_image(PHOTOGRAPHS_FOLDER / f"{name}.jpg")),
                (SIZE, SIZE),
            )
            for name in PHOTOGRAPHS
        ]
    )
    painting = read_image(PAINTINGS_FOLDER / "starry_night.jpg")
    network = load_network(find_model("paintings"))
    trained = network.get_weights()
    keras.utils.set_random_seed(0)
    start = type(network).from_config(network.get_config()).get_weights()
    index = network.style_names.index("starry_night")
    style_weights = np.eye(network.num_styles, dtype=np.float32)[[index] * 3]
    pastiches = []
    for part in QUALITIES:
        network.set_weights(
            [
                part * a + (1 - part) * b
                for a, b in zip(trained, start, strict=True)
            ]
        )
        inputs = {"image": photographs, "style_weights": style_weights}
        pastiches.append(ops.convert_to_numpy(network(inputs)))
    return (
        np.concatenate(pastiches),
        np.tile(photographs, (len(QUALITIES), 1, 1, 1)),
        resize(to_float(painting), (SIZE, SIZE))[None],
    )


@pytest.fixture(scope="module")
def figures(networks, pictures):
    """Dict loss -> (values [2, P], gradients [2, P, D]), teacher first."""
    judges = [Gradients(network, *pictures) for network in networks]
    result = {}
    for name in ("content", *LAYERS):
        values, gradients = zip(*(j.measure(name) for j in judges), strict=True)
        result[name] = np.stack(values), np.stack(gradients)
    for part in (0, 1):
        result.setdefault("style", []).append(
            sum(result[name][part] for name in LAYERS) / len(LAYERS)
        )
    result["total"] = [
        content + 6 * style
        for content, style in zip(
            result["content"], result["style"], strict=True
        )
    ]
    return result


def ranks(values):
    return np.argsort(np.argsort(values)).astype(np.float64)


@pytest.mark.parametrize(
    ("name", "least"), [("content", 0.9), ("style", 0.9), ("total", 0.9)]
)
def test_it_ranks_pictures_as_vgg16_does(figures, name, least):
    teacher, pocket = figures[name][0]
    spearman = np.corrcoef(ranks(teacher), ranks(pocket))[0, 1]
    print(f"\nSpearman, {name}: {spearman:.3f}")
    assert spearman >= least


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("content", 0.75),
        ("relu1_2", 0.95),
        ("relu2_2", 0.8),
        ("relu3_3", 0.7),
        ("relu4_3", 0.5),
        ("total", 0.6),
    ],
)
def test_its_gradient_points_where_that_of_vgg16_does(figures, name, least):
    teacher, pocket = figures[name][1]
    cosines = (teacher * pocket).sum(axis=1) / (
        np.linalg.norm(teacher, axis=1) * np.linalg.norm(pocket, axis=1)
    )
    print(f"\nCosine, {name}: {cosines.mean():.3f}")
    assert cosines.mean() >= least


@pytest.mark.parametrize("name", ["content", "style", "total"])
def test_its_losses_are_of_the_size_of_vgg16_s(figures, name):
    teacher, pocket = figures[name][0]
    ratio = np.median(pocket / teacher)
    print(f"\nPocket over VGG-16, {name}: {ratio:.3f}")
    assert 0.6 < ratio < 1.2
