"""The gradient by OpenVINO, beside that of Keras and differences."""

import io

import numpy as np
import pytest

pytest.importorskip("openvino")

import openvino as ov

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.engines.openvino.row_gradient import (
    OpenVINORowGradient,
)
from multistyle.learning.aims import LARGEST_STYLE_LOSS
from multistyle.learning.keras_gradient import KerasRowGradient
from multistyle.learning.photographs import crops
from multistyle.network.growth import style_rows
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import read_weights
from multistyle.perceptual.color_spread import (
    color_covariance,
    color_spread_loss,
)
from multistyle.perceptual.lattice import lattice_loss
from multistyle.perceptual.losses import style_loss
from multistyle.perceptual.pocket import load_pocket
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss


@pytest.fixture(scope="module")
def gradients(small_network, small_model_path):
    # What is enlarged has more of a weave than any picture; noise hides it, so
    # that some weave loss is left.
    work = read_image(PAINTINGS_FOLDER / "self_portrait_1887.jpg")
    noise = np.random.default_rng(0).normal(0, 25, (512, 384, 3))
    work = (resize(work, (512, 384)) + noise).clip(0, 255).astype(np.uint8)
    weights = read_weights(io.BytesIO(small_model_path.read_bytes()))
    found = [
        KerasRowGradient(small_network, load_pocket(), dtype="float32"),
        OpenVINORowGradient(
            ov.Core(), weights, {"INFERENCE_PRECISION_HINT": "f32"}
        ),
    ]
    for gradient in found:
        gradient.aim_at([work])
    return found


@pytest.mark.parametrize("crop", [0, 13])
def test_the_gradient_is_that_of_keras(gradients, small_network, crop):
    rows = style_rows(small_network, ["the_scream"])
    row = np.concatenate(join_layers(rows), axis=1)
    keras, openvino = (gradient(row, crop) for gradient in gradients)
    assert openvino.shape == keras.shape == row.shape
    error = np.linalg.norm(openvino - keras) / np.linalg.norm(keras)
    assert error < 2e-3


def test_both_know_the_channels(gradients, small_network):
    channels = [block.filters for block in small_network.blocks]
    assert all(g.num_channels == channels for g in gradients)


def test_every_loss_has_a_part_in_it(gradients, small_network):
    """So that the comparison with Keras is one of each of them."""
    trainer = gradients[0]._trainer
    rows = style_rows(small_network, ["the_scream"])
    row = np.concatenate(join_layers(rows), axis=1)
    picture = trainer.painter(crops()[13:14], row)
    spectrum = mean_spectrum(picture)
    assert float(lattice_loss(spectrum)[0]) > 0
    assert float(weave_loss(spectrum)[0] - trainer.weave) > 0
    colors = color_spread_loss(color_covariance(picture), trainer.colors[None])
    assert 0 < float(colors[0]) < 2
    grams = trainer.loss_network.gram_matrices(trainer.loss_network(picture))
    targets = {name: gram[None] for name, gram in trainer.grams.items()}
    assert 0 < float(style_loss(grams, targets)[0]) < LARGEST_STYLE_LOSS
