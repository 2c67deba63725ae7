import keras
import numpy as np
import pytest
from keras import ops

from multistyle.network.transform import TransformNetwork
from multistyle.perceptual.lattice import lattice_loss
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.losses import (
    content_loss,
    gram_matrix,
    stability_loss,
    style_loss,
    total_variation_loss,
)
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss
from multistyle.training.material.content import ContentBatches
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.trainer import StyleTransferTrainer

NUM_STYLES = 2


@pytest.fixture(scope="module")
def loss_network():
    return load_loss_network("pocket")


@pytest.fixture(scope="module")
def paintings():
    random = np.random.default_rng(0)
    return [
        random.uniform(size=(40 + 8 * i, 48, 3)).astype(np.float32)
        for i in range(NUM_STYLES)
    ]


@pytest.fixture(scope="module")
def style_targets(loss_network, paintings):
    return loss_network.style_targets(paintings)


def batch(seed=0, batch_size=3):
    random = np.random.default_rng(seed)
    styles = np.eye(NUM_STYLES, dtype=np.float32)[[0, 1, 0][:batch_size]]
    return {
        "image": random.uniform(size=(batch_size, 32, 32, 3)).astype("float32"),
        "style_weights": styles[:, None, None],
    }


def make(loss_network, style_targets, dtype="float32", **options):
    keras.utils.set_random_seed(1)
    network = TransformNetwork(
        num_styles=NUM_STYLES, width_multiplier=0.1, dtype=dtype
    )
    return StyleTransferTrainer(network, loss_network, style_targets, **options)


def test_targets_are_the_paintings_gram_matrices(
    loss_network, paintings, style_targets
):
    assert set(style_targets) == set(loss_network.style_layers)
    for name, target in style_targets.items():
        features = loss_network(paintings[1][None])[name]
        gram = ops.convert_to_numpy(gram_matrix(features))[0]
        np.testing.assert_allclose(target[1], gram, rtol=1e-5)


@pytest.mark.parametrize("scaling", ["relative", "paper"])
def test_the_total_is_the_weighted_sum(loss_network, style_targets, scaling):
    coefficients = [1.0, 3.0]
    weaves = [0.01, 9.0]
    weights = LossWeights(
        content=2.0,
        style=5.0,
        total_variation=7.0,
        lattice=11.0,
        weave=13.0,
        scaling=scaling,
    )
    trainer = make(
        loss_network,
        style_targets,
        loss_weights=weights,
        style_coefficients=coefficients,
        style_weaves=weaves,
    )
    x = batch()
    pastiche = trainer(x)
    total = float(trainer.compute_loss(x=x, y_pred=pastiche))

    features = loss_network(pastiche)
    expected = []
    for i, style in enumerate((0, 1, 0)):
        content = content_loss(
            features[loss_network.content_layer][i : i + 1],
            loss_network.content_features(x["image"][i : i + 1]),
            scaling=scaling,
        )
        texture = style_loss(
            {
                name: gram_matrix(features[name][i : i + 1])
                for name in loss_network.style_layers
            },
            {
                name: target[style][None]
                for name, target in style_targets.items()
            },
            scaling=scaling,
        )
        variation = total_variation_loss(pastiche[i : i + 1])
        spectrum = mean_spectrum(pastiche[i : i + 1])
        weave = float(weave_loss(spectrum)[0])
        expected.append(
            2.0 * float(content[0])
            + 5.0 * coefficients[style] * float(texture[0])
            + 7.0 * float(variation[0])
            + 11.0 * float(lattice_loss(spectrum)[0])
            + 13.0 * max(0, weave - weaves[style])
        )
        assert (weave > weaves[style]) == (style == 0)
    assert total == pytest.approx(np.mean(expected), rel=1e-4)


def test_devices_that_share_a_batch_have_its_losses(
    loss_network, style_targets
):
    x = batch(batch_size=3)
    x = {name: np.concatenate([value, value[:1]]) for name, value in x.items()}
    random = np.random.default_rng(5)
    x["shifted_image"] = random.uniform(size=(2, 32, 32, 3)).astype("float32")
    x["shift"] = np.array([[3, -2]], np.int32)
    # Pictures 0 and 2 are the first device's, 1 and 3 the second one's.
    order = [0, 2, 1, 3]
    shared = {
        **x,
        "image": x["image"][order],
        "style_weights": x["style_weights"][order],
        "shift": np.tile(x["shift"], (2, 1)),
    }
    losses = []
    for num_devices, inputs in ((1, x), (2, shared), (1, shared)):
        trainer = make(
            loss_network,
            style_targets,
            loss_weights=LossWeights(stability=10.0),
            stability_coefficients=[1.0, 3.0],
            num_devices=num_devices,
        )
        pastiche = trainer(inputs, training=True)
        losses.append(float(trainer.compute_loss(x=inputs, y_pred=pastiche)))
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)
    # In another order, pictures would be compared with others moved.
    assert losses[2] != pytest.approx(losses[0], rel=1e-3)


def test_stability_counts_by_the_coefficients_of_the_styles(
    loss_network, style_targets
):
    x = batch()
    random = np.random.default_rng(5)
    x["shifted_image"] = random.uniform(size=(2, 32, 32, 3)).astype("float32")
    x["shift"] = np.array([[3, -2]], np.int32)

    def total(coefficients):
        trainer = make(
            loss_network,
            style_targets,
            loss_weights=LossWeights(stability=10.0),
            stability_coefficients=coefficients,
        )
        pastiche = trainer(x, training=True)
        shifted = trainer(
            {
                "image": x["shifted_image"],
                "style_weights": x["style_weights"][:2],
            },
            training=True,
        )
        stability = ops.convert_to_numpy(
            stability_loss(pastiche[:2], shifted, x["shift"][0])
        )
        return float(trainer.compute_loss(x=x, y_pred=pastiche)), stability

    without, stability = total([0.0, 0.0])
    assert stability.min() > 0.01
    for given, factors in (([0.5, 3.0], [0.5, 3.0]), (None, [1.0, 1.0])):
        assert total(given)[0] - without == pytest.approx(
            10 * np.mean(np.multiply(factors, stability)), rel=1e-3
        )


def test_training_paints_no_reflection_around_the_crops(
    loss_network, style_targets
):
    trainer = make(loss_network, style_targets)
    trainer.compile(GuardedAdam(0.01), jit_compile=False)
    x = batch()
    trained, painted = (
        trainer.transform_network(x, training=training)
        for training in (True, False)
    )
    expected, other = (
        float(trainer.compute_loss(x=x, y_pred=pastiche))
        for pastiche in (trained, painted)
    )
    logs = trainer.train_on_batch(x, return_dict=True)
    assert float(logs["total_loss"]) == pytest.approx(expected, rel=1e-4)
    assert expected != pytest.approx(other, rel=1e-3)


def test_fit_lowers_the_loss_and_leaves_the_loss_network(
    loss_network, style_targets
):
    trainer = make(loss_network, style_targets)
    frozen = [w.copy() for w in loss_network.model.get_weights()]
    optimizer = GuardedAdam(0.01)
    trainer.compile(optimizer, jit_compile=False)
    x = batch()
    losses = []
    for _ in range(12):
        logs = trainer.train_on_batch(x, return_dict=True)
        losses.append(float(logs["total_loss"]))
    assert losses[-1] < 0.8 * losses[0]
    for old, new in zip(frozen, loss_network.model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    names = {id(v) for v in trainer.trainable_variables}
    assert names == {
        id(v) for v in trainer.transform_network.trainable_variables
    }


def test_losses_are_float32_in_mixed_precision(style_targets):
    network = load_loss_network("pocket", dtype="mixed_bfloat16")
    trainer = make(network, style_targets, dtype="mixed_bfloat16")
    x = batch()
    pastiche = trainer(x)
    assert keras.backend.standardize_dtype(pastiche.dtype) == "bfloat16"
    total = trainer.compute_loss(x=x, y_pred=pastiche)
    assert keras.backend.standardize_dtype(total.dtype) == "float32"


class _Flat:
    """A white wall."""

    def __len__(self):
        return 1

    def name(self, index):
        return "wall"

    def read(self, index, at_least):
        return np.full((64, 64, 3), 255, np.uint8)


def _largest_gradients(trainer, x):
    """The largest gradients of a step, of all weights and of the gammas alone.

    They are read from Adam's first moment.
    """
    optimizer = keras.optimizers.Adam(1e-3, beta_1=0.0)
    trainer.compile(optimizer, jit_compile=False)
    trainer.train_on_batch(x)
    largest = {
        v.path: float(ops.max(ops.abs(v)))
        for v in optimizer.variables
        if "momentum" in v.path
    }
    gammas = [value for path, value in largest.items() if "gamma" in path]
    return max(largest.values()), max(gammas)


@pytest.mark.usefixtures("eager_steps")
def test_flat_crops_train_by_their_noise(loss_network, style_targets):
    """The black pictures of every peer: a flat crop's gradient overflows."""
    batches = ContentBatches(_Flat(), NUM_STYLES, 2, 32)
    x = batches[0][0]
    noisy = _largest_gradients(make(loss_network, style_targets), x)
    flat = dict(x, image=np.ones_like(x["image"]))
    without = _largest_gradients(make(loss_network, style_targets), flat)
    assert 0 < noisy[1] <= noisy[0] < 1e3
    # Without noise no contrast trains; nothing overflows either.
    assert without[1] == 0 < without[0] < 1e3


@pytest.mark.usefixtures("eager_steps")
def test_a_picture_that_is_not_finite_changes_no_weight(
    loss_network, style_targets
):
    trainer = make(loss_network, style_targets)
    optimizer = GuardedAdam()
    trainer.compile(optimizer, jit_compile=False)
    before = [w.copy() for w in trainer.transform_network.get_weights()]
    x = batch()
    x["image"] = np.full_like(x["image"], np.nan)
    trainer.train_on_batch(x)
    assert int(optimizer.skipped) == 1
    for old, new in zip(
        before, trainer.transform_network.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(old, new)
