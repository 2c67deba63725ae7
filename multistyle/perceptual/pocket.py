"""The pocket loss network: it sees as VGG-16 does, at an eighth of its work."""

import keras
import numpy as np

from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.pocket_form import (
    POCKET_BLOCKS,
    POCKET_MEAN,
    POCKET_PATH,
)


def make_pocket(dtype: str | None = None) -> LossNetwork:
    """Builds the pocket network with random weights.

    The form is that of VGG-16 with average pooling, but narrow. Each named
    layer is a linear map, C to C, of a block's activations. The maps are
    trained so that distances between features are those between VGG-16's:
    content and style losses estimate VGG-16's, and weights that suit the one
    suit the other.

    Args:
        dtype: a Keras dtype policy, or None for the global one.

    Returns:
        A `LossNetwork` with relu1_2, relu2_2, relu3_3 and relu4_3.
    """
    image = keras.Input((None, None, 3), name="image")
    x = keras.layers.Rescaling(1.0, -POCKET_MEAN, dtype=dtype)(image)
    features = {}
    for block, widths in enumerate(POCKET_BLOCKS, 1):
        for i, filters in enumerate(widths, 1):
            x = keras.layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                data_format="channels_last",
                dtype=dtype,
                name=f"conv{block}_{i}",
            )(x)
        name = f"relu{block}_{len(widths)}"
        features[name] = keras.layers.Conv2D(
            filters,
            1,
            use_bias=False,
            data_format="channels_last",
            dtype=dtype,
            name=name,
        )(x)
        if block < len(POCKET_BLOCKS):
            x = keras.layers.AveragePooling2D(
                2, data_format="channels_last", dtype=dtype
            )(x)
    return LossNetwork(
        "pocket",
        features,
        image,
        content_layer="relu3_3",
        style_layers=features,
    )


def load_pocket(dtype: str | None = None) -> LossNetwork:
    """Builds the pocket network with the weights that come with the package.

    Args:
        dtype: a Keras dtype policy, or None for the global one.

    Returns:
        A `LossNetwork` with relu1_2, relu2_2, relu3_3 and relu4_3.

    Reference:
        Made from VGG-16 (Simonyan and Zisserman, 2015; weights of Oxford
        VGG, CC BY 4.0) by recipes/pocket.py: channels pruned as in He et
        al., 2017, "Channel Pruning for Accelerating Very Deep Neural
        Networks", then finetuned.
    """
    network = make_pocket(dtype)
    with np.load(POCKET_PATH) as arrays:
        for layer in network.model.layers:
            if layer.weights:
                layer.set_weights(
                    [arrays[f"{layer.name}/{w.name}"] for w in layer.weights]
                )
    return network
