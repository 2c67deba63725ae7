"""The model that `fit` trains: a transform network under its losses."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.network.normalization import Tensor
from multistyle.network.transform import TransformNetwork
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.lattice import lattice_loss
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.losses import (
    content_loss,
    stability_loss,
    style_loss,
    total_variation_loss,
)
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss

REPORTED_LOSSES = (
    "content_loss",
    "style_loss",
    "total_variation_loss",
    "lattice_loss",
    "weave_loss",
    "stability_loss",
    "total_loss",
)


class LastValue(keras.metrics.Metric):
    """A metric that is the value of the last step, not a mean."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.value = self.add_variable((), "zeros", name="value")

    def update_state(self, value: Tensor, sample_weight: None = None) -> None:
        self.value.assign(ops.cast(value, self.dtype))

    def result(self) -> Tensor:
        return ops.convert_to_tensor(self.value)


class StyleTransferTrainer(keras.Model):
    """Trains a transform network by perceptual losses, with `fit`.

    total = content_weight * content
            + style_weight * coefficient of the style * style
            + total_variation_weight * total variation
            + lattice_weight * lattice
            + weave_weight * max(0, weave - weave of the style),

    per picture, then the mean over the batch, to which comes
    stability_weight * coefficient of the style * stability, the mean over the
    K pictures that have it. Lattice, weave and stability are left out, and
    not reported, where their weight is 0. Losses are
    float32 whatever the compute dtype. The painting of a picture is chosen
    by its style weights: the target Gram matrices are their blend.

    Args:
        transform_network: the `TransformNetwork` to train, of N styles.
        loss_network: a `LossNetwork`.
        style_targets: dict layer name -> float32 [N, C, C], as
            `LossNetwork.style_targets` gives them.
        loss_weights: a `LossWeights`.
        style_coefficients: N floats, or None for ones; how much the style
            loss of each style counts beside those of the others.
        stability_coefficients: N floats, or None for ones; likewise for the
            stability loss.
        style_weaves: N floats, or None for zeros; the `weave_loss` of each
            painting. Up to as much, its pictures may have without a loss.
        num_devices: D, how many devices share a batch, each with as many
            pictures.
        **kwargs: of `keras.Model`.

    Data:
        Dict with "image" float32 [B, H, W, 3] in [0, 1] and
        "style_weights" float32 [B, 1, 1, N]. For the stability loss also
        "shifted_image" float32 [K, H, W, 3], the first K / D photographs of
        each device moved by "shift", int32 [D, 2], of which each row is that
        of `losses.stability_loss`.
    """

    def __init__(
        self,
        transform_network: TransformNetwork,
        loss_network: LossNetwork,
        style_targets: Mapping[str, np.ndarray],
        *,
        loss_weights: LossWeights | None = None,
        style_coefficients: Sequence[float] | None = None,
        stability_coefficients: Sequence[float] | None = None,
        style_weaves: Sequence[float] | None = None,
        num_devices: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(autocast=False, **kwargs)
        self.transform_network = transform_network
        self.loss_weights = loss_weights or LossWeights()
        self.num_devices = num_devices
        self.loss_network = loss_network
        # Keras carries the variables of models that it sees as attributes.
        self.feature_models = [loss_network.model, loss_network.content_model]
        num_styles = transform_network.num_styles
        ones = np.ones(num_styles)
        self.style_coefficients = self._constant(
            "style_coefficients",
            ones if style_coefficients is None else style_coefficients,
        )
        self.stability_coefficients = self._constant(
            "stability_coefficients",
            ones if stability_coefficients is None else stability_coefficients,
        )
        self.style_weaves = self._constant(
            "style_weaves",
            0 * ones if style_weaves is None else style_weaves,
        )
        self.style_targets = {
            name: self._constant(f"style_target_{name}", gram)
            for name, gram in style_targets.items()
        }
        counts = {
            "lattice_loss": self.loss_weights.lattice,
            "weave_loss": self.loss_weights.weave,
            "stability_loss": self.loss_weights.stability,
        }
        self.terms = {
            name: LastValue(name)
            for name in REPORTED_LOSSES
            if counts.get(name, 1)
        }
        self.built = True

    def _constant(self, name, value):
        value = np.asarray(value)
        return self.add_weight(
            name=name,
            shape=value.shape,
            initializer=lambda shape, dtype: ops.convert_to_tensor(
                value, dtype=dtype
            ),
            dtype="float32",
            trainable=False,
            autocast=False,
        )

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> Tensor:
        return self.transform_network(inputs, training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: None = None,
        y_pred: Tensor = None,
        sample_weight: None = None,
        training: bool = True,
    ) -> Tensor:
        image = x["image"]
        style_weights = x["style_weights"][:, 0, 0, :]
        pastiche = ops.cast(y_pred, "float32")
        features = self.loss_network(pastiche)
        layer = self.loss_network.content_layer
        scaling = self.loss_weights.scaling
        content = content_loss(
            features[layer],
            ops.stop_gradient(self.loss_network.content_features(image)),
            scaling=scaling,
        )
        style = style_loss(
            self.loss_network.gram_matrices(features),
            {
                name: ops.tensordot(style_weights, target, 1)
                for name, target in self.style_targets.items()
            },
            scaling=scaling,
        )
        variation = total_variation_loss(pastiche)
        coefficients = ops.matmul(style_weights, self.style_coefficients)
        total = (
            self.loss_weights.content * content
            + self.loss_weights.style * coefficients * style
            + self.loss_weights.total_variation * variation
        )
        values = {
            "content_loss": content,
            "style_loss": style,
            "total_variation_loss": variation,
        }
        if self.loss_weights.lattice or self.loss_weights.weave:
            spectrum = mean_spectrum(pastiche)
        if self.loss_weights.lattice:
            values["lattice_loss"] = lattice_loss(spectrum)
            total = total + self.loss_weights.lattice * values["lattice_loss"]
        if self.loss_weights.weave:
            tolerated = ops.matmul(style_weights, self.style_weaves)
            values["weave_loss"] = ops.relu(weave_loss(spectrum) - tolerated)
            total = total + self.loss_weights.weave * values["weave_loss"]
        values["total_loss"] = total
        values = {name: ops.mean(value) for name, value in values.items()}
        if self.loss_weights.stability:
            stability = self._stability_loss(x, pastiche, training)
            coefficients = ops.matmul(
                self._shifted(style_weights, ops.shape(stability)[0]),
                self.stability_coefficients,
            )
            values["stability_loss"] = ops.mean(stability)
            values["total_loss"] += self.loss_weights.stability * ops.mean(
                coefficients * stability
            )
        for name, value in values.items():
            self.terms[name].update_state(value)
        return values["total_loss"]

    def _stability_loss(self, x, pastiche, training):
        shifted_image = x["shifted_image"]
        num_shifted = ops.shape(shifted_image)[0]
        shifted_pastiche = self.transform_network(
            {
                "image": shifted_image,
                "style_weights": self._shifted(x["style_weights"], num_shifted),
            },
            training=training,
        )
        return stability_loss(
            self._shifted(pastiche, num_shifted),
            shifted_pastiche,
            x["shift"][0],
        )

    def _shifted(self, tensor, num_shifted):
        """Returns [K, ...] of [B, ...]: what belongs to pictures that move."""
        num_devices = self.num_devices
        if num_devices == 1:
            return tensor[:num_shifted]
        # So that no picture goes from one device to another.
        shape = ops.shape(tensor)
        shares = ops.reshape(tensor, (num_devices, -1, *shape[1:]))
        shares = shares[:, : num_shifted // num_devices]
        return ops.reshape(shares, (num_shifted, *shape[1:]))
