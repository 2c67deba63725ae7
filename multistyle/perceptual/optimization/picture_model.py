"""A picture as a Keras model, of which it is the one weight that trains."""

from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.losses import (
    content_loss,
    style_loss,
    total_variation_loss,
)

LEARNING_RATE = 0.02
LOSS_NAMES = (
    "content_loss",
    "style_loss",
    "total_variation_loss",
    "total_loss",
)


class PictureModel(keras.Model):
    """A picture of one size as the one weight that trains, and its losses.

    Keras' own loop and the losses of a training thus optimise a picture on
    every backend. The data of a step are the targets: "content", the features
    of the photograph, [1, h, w, C], and "style", the Gram matrices of the
    painting, a dict layer name -> [1, C, C].

    Args:
        size: (height, width) of the picture.
        loss_network: a `LossNetwork`.
        loss_weights: a `LossWeights`.
    """

    def __init__(
        self,
        size: tuple[int, int],
        loss_network: LossNetwork,
        loss_weights: LossWeights,
    ) -> None:
        super().__init__(name="picture", autocast=False)
        self.loss_network = loss_network
        self.loss_weights = loss_weights
        # Keras carries the variables of models that it sees as attributes.
        self.feature_model = loss_network.model
        self.picture = self.add_weight(
            name="picture",
            shape=(1, *size, 3),
            dtype="float32",
            constraint=_clip,
        )
        self.last_losses = self.add_weight(
            name="last_losses",
            shape=(len(LOSS_NAMES),),
            dtype="float32",
            trainable=False,
        )
        self.built = True
        optimizer = keras.optimizers.Adam(LEARNING_RATE, beta_2=0.99)
        optimizer.build([self.picture])
        self._fresh = [
            np.array(ops.convert_to_numpy(variable))
            for variable in optimizer.variables
        ]
        # TensorFlow's XLA is slower on a CPU, and compiling for a size would
        # take longer on a GPU than the steps do.
        is_tensorflow = keras.backend.backend() == "tensorflow"
        self.compile(optimizer, jit_compile=False if is_tensorflow else "auto")

    def begin(
        self,
        picture: np.ndarray,
        photograph: np.ndarray,
        painting: np.ndarray,
    ) -> dict[str, Any]:
        """Begins anew and returns the targets; all float32 [h, w, 3]."""
        self.picture.assign(picture[None])
        for variable, value in zip(
            self.optimizer.variables, self._fresh, strict=True
        ):
            variable.assign(value)
        style_targets = self.loss_network.style_targets([painting])
        return {
            "content": self.loss_network.content_features(
                ops.convert_to_tensor(photograph)[None]
            ),
            "style": {
                name: ops.convert_to_tensor(gram)
                for name, gram in style_targets.items()
            },
        }

    def take_step(
        self, targets: dict[str, Any]
    ) -> tuple[dict[str, float], np.ndarray]:
        """Returns the losses before a step and the picture after it."""
        self.train_on_batch(targets)
        values = ops.convert_to_numpy(self.last_losses)
        # A copy: the next step may write over the tensor's own memory.
        picture = np.array(ops.convert_to_numpy(self.picture)[0])
        return dict(zip(LOSS_NAMES, map(float, values), strict=True)), picture

    def call(self, targets: dict[str, Any]) -> Any:
        return ops.convert_to_tensor(self.picture)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        network, weights = self.loss_network, self.loss_weights
        features = network(y_pred)
        content = content_loss(
            features[network.content_layer],
            x["content"],
            scaling=weights.scaling,
        )
        style = style_loss(
            network.gram_matrices(features),
            x["style"],
            scaling=weights.scaling,
        )
        variation = total_variation_loss(y_pred)
        total = (
            weights.content * content
            + weights.style * style
            + weights.total_variation * variation
        )
        values = ops.concatenate([content, style, variation, total])
        self.last_losses.assign(values)
        return total[0]


def _clip(picture: Any) -> Any:
    return ops.clip(picture, 0.0, 1.0)
