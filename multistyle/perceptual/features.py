"""Features: what a frozen network sees in pictures."""

import keras


class LossNetwork:
    """A frozen network that turns pictures into named features.

    Attributes:
        name: one of `loss_options.LOSS_NETWORKS`.
        model: `keras.Model`, float [B, H, W, 3] in [0, 1], RGB, to a dict
            layer name -> features [B, h, w, C].
        content_model: the same, cut after the content layer: the photograph
            needs no more.
        content_layer: name of the layer that holds the content.
        style_layers: names of the layers whose Gram matrices hold the style.
    """

    def __init__(self, name, features, image, content_layer, style_layers):
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

    def __call__(self, images):
        """Returns all features of float pictures [B, H, W, 3] in [0, 1]."""
        return self.model(images, training=False)

    def content_features(self, images):
        """Returns the content layer's features [B, h, w, C] alone."""
        features = self.content_model(images, training=False)
        return features[self.content_layer]
