"""Refining: a row of gamma and beta, learned in seconds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.errors import InputError
from multistyle.learning.photographs import crops
from multistyle.learning.row_painter import RowPainter
from multistyle.learning.statistics import fit_painting
from multistyle.network.growth import style_rows
from multistyle.network.rows import Rows, join_layers, mean_row, split_layers
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

BATCH_SIZE = 2
# How much each loss counts; the first five as in a training. The largest style
# loss that counts keeps a painting that is far from all others from tearing
# the row out of shape.
_WEIGHTS = {
    "content": 1.0,
    "style": 6.0,
    "variation": 0.15,
    "lattice": 0.2,
    "weave": 0.5,
    "colors": 0.3,
}
_LARGEST_STYLE_LOSS = 5.0
# Shares of the steps in which the rate rises, and falls.
_RISE, _FALL = 0.05, 0.6


class RowRefiner(keras.Model):
    """Trains the row of one style, and nothing else, on a few crops.

    The crops are always the same, so what the loss network sees in them is
    computed once. One refiner serves style after style: what differs between
    them are variables, so that nothing is traced anew.

    Args:
        network: a `TransformNetwork`, whose shared weights are copied.
        loss_network: a `LossNetwork`.
        num_steps: how many steps a row takes.
        rate: the highest learning rate; it rises over the first twentieth of
            the steps and falls over the last three fifths.
        dtype: a Keras dtype policy.
    """

    def __init__(
        self,
        network: TransformNetwork,
        loss_network: LossNetwork,
        *,
        num_steps: int,
        rate: float,
        dtype: str,
    ) -> None:
        super().__init__(autocast=False)
        self.painter = RowPainter(network, dtype=dtype)
        self.loss_network = loss_network
        # Keras carries the variables of models that it sees as attributes.
        self.feature_model = loss_network.model
        self.num_steps = num_steps
        self._mean_row = mean_row(style_rows(network, network.style_names))
        self._content = ops.convert_to_numpy(
            ops.cast(loss_network.content_features(crops()), "float32")
        )
        self.targets = {
            name: self._variable((channels, channels), name)
            for name, channels in _num_channels(loss_network).items()
        }
        self.weave = self._variable((), "weave")
        self.colors = self._variable((2, 2), "colors")
        # One variable, since the optimizer's work grows with their number.
        self.row = self._variable(
            (1, 2 * sum(self.painter.num_channels)), "row", trainable=True
        )
        self.built = True
        optimizer = keras.optimizers.Adam(
            RisingFalling(rate, num_steps), beta_2=0.99, global_clipnorm=10.0
        )
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

    def refine(
        self,
        works: Sequence[np.ndarray],
        start: Rows | None,
        *,
        seed: int = 0,
        progress: Callable[[float], None] = lambda share: None,
    ) -> Rows:
        """Learns the row of one style.

        Args:
            works: its paintings, each uint8 [H, W, 3].
            start: the row to begin at, each table [1, C], or None for the mean
                of the network's.
            seed: decides the order of the crops.
            progress: called with the share of the steps that is done.

        Returns:
            The row, each table float32 [1, C].

        Raises:
            InputError: if the row comes to hold a number that is not finite.
        """
        self._aim_at([fit_painting(work) for work in works])
        row = np.concatenate(join_layers(start or self._mean_row), axis=1)
        self.row.assign(row)
        for variable in self.optimizer.variables:
            variable.assign(ops.zeros_like(variable))
        images = crops()
        rng = np.random.default_rng(seed)
        order: list[int] = []
        for step in range(self.num_steps):
            if len(order) < BATCH_SIZE:
                order += rng.permutation(len(images)).tolist()
            chosen, order = order[:BATCH_SIZE], order[BATCH_SIZE:]
            self.train_on_batch(
                {"image": images[chosen], "content": self._content[chosen]}
            )
            progress((step + 1) / self.num_steps)
        row = ops.convert_to_numpy(self.row)
        if not np.isfinite(row).all():
            raise InputError(
                "Learning the painting ended in numbers that are not finite: "
                "give --learning=instant, or another copy of the painting."
            )
        gamma, beta = np.split(row, 2, axis=1)
        return split_layers(gamma, beta, self.painter.num_channels)

    def _aim_at(self, paintings):
        """Makes the paintings what the next row is judged by."""
        grams = self.loss_network.style_targets(paintings)
        for name, target in self.targets.items():
            target.assign(grams[name].mean(axis=0))
        batches = [ops.convert_to_tensor(image[None]) for image in paintings]
        weaves = [
            float(ops.convert_to_numpy(weave_loss(mean_spectrum(x))[0]))
            for x in batches
            if min(x.shape[1:3]) >= 32
        ]
        self.weave.assign(np.mean(weaves or [0.0]))
        self.colors.assign(
            np.mean(
                [ops.convert_to_numpy(color_covariance(x)) for x in batches],
                axis=(0, 1),
            )
        )

    def call(self, inputs: Mapping[str, Any], training: bool = False) -> Any:
        image = inputs["image"]
        return self.painter(
            image, ops.repeat(self.row.value, image.shape[0], axis=0)
        )

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
        style = style_loss(
            self.loss_network.gram_matrices(features),
            {name: target[None] for name, target in self.targets.items()},
        )
        spectrum = mean_spectrum(pastiche)
        losses = {
            "content": content_loss(
                features[self.loss_network.content_layer], x["content"]
            ),
            "style": ops.minimum(style, _LARGEST_STYLE_LOSS),
            "variation": total_variation_loss(pastiche),
            "lattice": lattice_loss(spectrum),
            "weave": ops.relu(weave_loss(spectrum) - self.weave),
            "colors": color_spread_loss(
                color_covariance(pastiche), self.colors[None]
            ),
        }
        return ops.mean(
            sum(_WEIGHTS[name] * loss for name, loss in losses.items())
        )


class RisingFalling(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises, holds and falls to almost 0 at the last step.

    Args:
        rate: the highest.
        num_steps: of the whole training.
    """

    def __init__(self, rate: float, num_steps: int) -> None:
        self.rate, self.num_steps = rate, num_steps

    def __call__(self, step: Any) -> Any:
        done = ops.cast(step, "float32")
        rising = (done + 1.0) / max(1.0, _RISE * self.num_steps)
        falling = (1.0 - done / self.num_steps) / _FALL
        return self.rate * ops.minimum(1.0, ops.minimum(rising, falling))

    def get_config(self) -> dict[str, Any]:
        return {"rate": self.rate, "num_steps": self.num_steps}


def _num_channels(loss_network):
    outputs = loss_network.model.output
    return {name: outputs[name].shape[-1] for name in loss_network.style_layers}
