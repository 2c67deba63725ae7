"""Features: what a frozen network sees in pictures."""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.perceptual.losses import gram_matrix


class LossNetwork:
    """A frozen network that turns pictures into named features.

    `load_loss_network` makes one by its name.

    Args:
        name: one of `loss_options.LOSS_NETWORKS`.
        features: dict layer name -> symbolic tensor [B, h, w, C], of `image`.
        image: symbolic tensor [B, H, W, 3], what the features are made of.
        content_layer, style_layers: as the attributes.

    Attributes:
        name: one of `loss_options.LOSS_NETWORKS`.
        model: `keras.Model`, float [B, H, W, 3] in [0, 1], RGB, to a dict
            layer name -> features [B, h, w, C].
        content_model: the same, cut after the content layer, which is all
            that a photograph needs.
        content_layer: name of the layer that holds the content.
        style_layers: names of the layers whose Gram matrices hold the style.

    Example:
        >>> import numpy as np
        >>> from multistyle.perceptual.loss_networks import load_loss_network
        >>> network = load_loss_network("pocket")
        >>> features = network(np.zeros((1, 64, 64, 3), "float32"))
        >>> tuple(features["relu3_3"].shape)
        (1, 16, 16, 96)
    """

    def __init__(
        self,
        name: str,
        features: dict[str, Any],
        image: Any,
        *,
        content_layer: str,
        style_layers: Iterable[str],
    ) -> None:
        self.name = name
        self.content_layer = content_layer
        self.style_layers = tuple(style_layers)
        self.model = keras.Model(image, features, name=f"{name}_features")
        self.content_model = keras.Model(
            image,
            {content_layer: features[content_layer]},
            name=f"{name}_content_features",
        )
        self.model.trainable = False

    def __call__(self, images: Any) -> dict[str, Any]:
        """Returns all features of float pictures [B, H, W, 3] in [0, 1]."""
        return self.model(images, training=False)

    def content_features(self, images: Any) -> Any:
        """Returns the content layer's features [B, h, w, C] alone."""
        features = self.content_model(images, training=False)
        return features[self.content_layer]

    def gram_matrices(self, features: dict[str, Any]) -> dict[str, Any]:
        """Computes the Gram matrices that hold the style.

        Args:
            features: dict layer name -> tensor [B, h, w, C], what a call
                returned.

        Returns:
            Dict style layer's name -> float32 tensor [B, C, C].
        """
        return {name: gram_matrix(features[name]) for name in self.style_layers}

    def style_targets(
        self, paintings: Iterable[np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Computes the Gram matrices of paintings, once for a whole training.

        Args:
            paintings: iterable of N float32 [H, W, 3] in [0, 1], each of a
                size of its own.

        Returns:
            Dict style layer's name -> float32 array [N, C, C].
        """
        grams: dict[str, list[np.ndarray]] = {
            name: [] for name in self.style_layers
        }
        for painting in paintings:
            features = self(ops.convert_to_tensor(painting)[None])
            for name, gram in self.gram_matrices(features).items():
                grams[name].append(ops.convert_to_numpy(gram[0]))
        return {name: np.stack(matrices) for name, matrices in grams.items()}
