"""A training step in parts: models whose step costs only one of them."""

import keras
from keras import ops


class NetworkAlone(keras.Model):
    """Trains a transform network by a loss that costs nothing."""

    def __init__(self, transform_network):
        super().__init__(autocast=False)
        self.transform_network = transform_network
        self.built = True

    def call(self, inputs, training=False):
        return self.transform_network(inputs, training=training)

    def compute_loss(
        self,
        x=None,
        y=None,
        y_pred=None,
        sample_weight=None,
        training=True,
    ):
        return ops.mean(ops.cast(y_pred, "float32"))


class WeightsAlone(NetworkAlone):
    """Moves a transform network's weights without painting anything."""

    def call(self, inputs):
        means = [
            ops.mean(weight)
            for weight in self.transform_network.trainable_variables
        ]
        return ops.stack(means)


class Photograph(keras.Model):
    """In the place of a transform network: one weight, the photograph's.

    Its trainer's step costs what the losses cost, forward and backward.
    """

    def __init__(self, num_styles, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.num_styles = num_styles
        self.brightness = self.add_weight(
            name="brightness", initializer="ones", autocast=False
        )
        self.built = True

    def call(self, inputs):
        image = ops.convert_to_tensor(inputs["image"])
        return ops.cast(image * self.brightness, self.compute_dtype)
