"""The gradient of a row by Keras, on each of its backends."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.learning import aims
from multistyle.learning.photographs import crops
from multistyle.learning.row_painter import RowPainter
from multistyle.learning.statistics import fit_painting
from multistyle.network.transform import TransformNetwork
from multistyle.perceptual.color_spread import (
    color_covariance,
    color_spread_loss,
)
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.lattice import lattice_loss
from multistyle.perceptual.losses import (
    content_loss,
    style_loss,
    total_variation_loss,
)
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss


class KerasRowGradient:
    """Says how a row should change; see `refining.RowGradient`.

    Keras trains and does not differentiate, so the one trained weight is an
    offset to the row, from 0, which a step of gradient descent at rate 1 makes
    minus the gradient.

    Args:
        network: a `TransformNetwork`, whose shared weights are copied.
        loss_network: a `LossNetwork`.
        dtype: a Keras dtype policy.
    """

    def __init__(
        self,
        network: TransformNetwork,
        loss_network: LossNetwork,
        *,
        dtype: str,
    ) -> None:
        self._trainer = OffsetTrainer(network, loss_network, dtype)
        self.num_channels = self._trainer.painter.num_channels

    def aim_at(self, works: Sequence[np.ndarray]) -> None:
        trainer = self._trainer
        paintings = [fit_painting(work) for work in works]
        grams = trainer.loss_network.style_targets(paintings)
        for name, variable in trainer.grams.items():
            variable.assign(grams[name].mean(axis=0))
        trainer.weave.assign(np.mean([*map(aims.painting_weave, paintings)]))
        trainer.colors.assign(
            np.mean([*map(aims.painting_colors, paintings)], axis=0)
        )

    def __call__(self, row: np.ndarray, crop: int) -> np.ndarray:
        trainer = self._trainer
        trainer.row.assign(row)
        trainer.offset.assign(np.zeros_like(row))
        trainer.train_on_batch({"image": crops()[crop : crop + 1]})
        return -ops.convert_to_numpy(trainer.offset)


class OffsetTrainer(keras.Model):
    """The model that Keras trains for one step; see `KerasRowGradient`.

    Args:
        network, loss_network, dtype: see there.

    Attributes:
        row, offset: variables [1, 2 R]; their sum is painted.
        grams, weave, colors: variables, see `aims.Aims`.
    """

    def __init__(
        self,
        network: TransformNetwork,
        loss_network: LossNetwork,
        dtype: str,
    ) -> None:
        super().__init__(autocast=False)
        self.painter = RowPainter(network, dtype=dtype)
        self.loss_network = loss_network
        # Keras carries the variables of models that it sees as attributes.
        self.feature_models = [loss_network.model, loss_network.content_model]
        shape = (1, 2 * sum(self.painter.num_channels))
        self.row = self._variable(shape, "row")
        self.offset = self._variable(shape, "offset", trainable=True)
        outputs = loss_network.model.output
        self.grams = {
            name: self._variable((outputs[name].shape[-1],) * 2, name)
            for name in loss_network.style_layers
        }
        self.weave = self._variable((), "weave")
        self.colors = self._variable((2, 2), "colors")
        self.built = True
        optimizer = keras.optimizers.SGD(1.0)
        # Else the first step is traced twice.
        optimizer.build(self.trainable_variables)
        self.compile(optimizer=optimizer, jit_compile=False)

    def _variable(self, shape, name, trainable=False):
        return self.add_weight(
            name=name,
            shape=shape,
            initializer="zeros",
            dtype="float32",
            trainable=trainable,
            autocast=False,
        )

    def call(self, inputs: Mapping[str, Any], training: bool = False) -> Any:
        return self.painter(inputs["image"], self.row + self.offset)

    def compute_loss(
        self,
        x: Any = None,
        y: None = None,
        y_pred: Any = None,
        sample_weight: None = None,
        training: bool = True,
    ) -> Any:
        pastiche = ops.cast(y_pred, "float32")
        features = self.loss_network(pastiche)
        content = content_loss(
            features[self.loss_network.content_layer],
            self.loss_network.content_features(x["image"]),
        )
        style = style_loss(
            self.loss_network.gram_matrices(features),
            {name: gram[None] for name, gram in self.grams.items()},
        )
        spectrum = mean_spectrum(pastiche)
        weave = ops.relu(weave_loss(spectrum) - self.weave)
        colors = color_spread_loss(
            color_covariance(pastiche), self.colors[None]
        )
        return ops.mean(
            aims.CONTENT * content
            + aims.STYLE * ops.minimum(style, aims.LARGEST_STYLE_LOSS)
            + aims.VARIATION * total_variation_loss(pastiche)
            + aims.LATTICE * lattice_loss(spectrum)
            + aims.WEAVE * weave
            + aims.COLORS * colors
        )
