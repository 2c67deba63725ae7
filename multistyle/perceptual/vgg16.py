"""VGG-16 as a loss network."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

import keras
from keras import ops

from multistyle.errors import InputError
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.vgg16_weights import (
    VGG16_URL,
    WEIGHTS_VARIABLE,
    find_vgg16_weights,
    path_in_keras_cache,
)

# Filters and convolutions of each block, cut after the third of block 4.
VGG16_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3))
VGG16_MEAN_BGR = (103.939, 116.779, 123.68)


def load_vgg16(
    weights_path: str | os.PathLike[str] | None = None,
    *,
    dtype: str | None = None,
) -> LossNetwork:
    """Builds VGG-16 up to relu4_3 with ImageNet weights.

    Average pooling takes the place of max pooling, as in Gatys and in
    magenta's network: gradients reach every pixel and pictures are smoother.
    The preprocessing (RGB in [0, 1] to BGR, 0 to 255, mean subtracted) is
    inside.

    Args:
        weights_path: see `find_vgg16_weights`; where that finds none, Keras
            downloads the weights (59 MB).
        dtype: a Keras dtype policy, or None for the global one.

    Returns:
        A `LossNetwork` with relu1_2, relu2_2, relu3_3 and relu4_3.

    Raises:
        InputError: if no weights are to be had, or the file holds others.

    Reference:
        Simonyan and Zisserman, 2015; weights of Oxford VGG, CC BY 4.0.
    """
    path = find_vgg16_weights(weights_path)
    image = keras.Input((None, None, 3), name="image")
    x = _Vgg16Preprocessing(dtype="float32", name="preprocessing")(image)
    features = {}
    for block, (filters, num_convolutions) in enumerate(VGG16_BLOCKS, 1):
        for i in range(1, num_convolutions + 1):
            x = keras.layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                data_format="channels_last",
                dtype=dtype,
                name=f"block{block}_conv{i}",
            )(x)
        features[f"relu{block}_{num_convolutions}"] = x
        if block < len(VGG16_BLOCKS):
            x = keras.layers.AveragePooling2D(
                2, data_format="channels_last", dtype=dtype
            )(x)
    network = LossNetwork(
        "vgg16",
        features,
        image,
        content_layer="relu3_3",
        style_layers=features,
    )
    donor = _load_keras_vgg16(path)
    for layer in network.model.layers:
        if layer.name.startswith("block"):
            layer.set_weights(donor.get_layer(layer.name).get_weights())
    return network


def _load_keras_vgg16(path: Path | None) -> keras.Model:
    if path == path_in_keras_cache():
        path = None  # Keras checks it, and mends a download that broke off.
    try:
        # Keras prints the progress of a download, which is no result.
        with contextlib.redirect_stdout(sys.stderr):
            return keras.applications.VGG16(
                include_top=False,
                weights=str(path) if path else "imagenet",
                input_shape=(None, None, 3),
            )
    except Exception as error:
        if path:
            raise InputError(
                f"`{path}` does not hold the weights of VGG-16 without its "
                f"top; get the file from {VGG16_URL} ."
            ) from error
        print(file=sys.stderr)  # Ends the line of how far it came.
        raise InputError(
            "The weights of VGG-16 (59 MB) could not be downloaded; get "
            f"{VGG16_URL} and give its path with --vgg_weights or the "
            f"environment variable {WEIGHTS_VARIABLE}, or try "
            "--loss_network=pocket."
        ) from error


@keras.saving.register_keras_serializable("multistyle")
class _Vgg16Preprocessing(keras.layers.Layer):
    """RGB in [0, 1] to BGR, 0 to 255, with ImageNet's mean subtracted."""

    def call(self, image: Any) -> Any:
        return ops.flip(image, axis=-1) * 255.0 - ops.convert_to_tensor(
            VGG16_MEAN_BGR, dtype="float32"
        )

    def compute_output_shape(self, image_shape: Any) -> Any:
        return image_shape
