"""The gradient by OpenVINO, beside that of Keras and differences."""

import io

import numpy as np
import pytest

pytest.importorskip("openvino")

import openvino as ov

from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.engines.openvino.row_gradient import (
    OpenVINORowGradient,
)
from multistyle.learning.keras_gradient import KerasRowGradient
from multistyle.network.growth import style_rows
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import read_weights
from multistyle.perceptual.pocket import load_pocket


@pytest.fixture(scope="module")
def gradients(small_network, small_model_path):
    work = read_image(PAINTINGS_FOLDER / "great_wave.jpg")
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
