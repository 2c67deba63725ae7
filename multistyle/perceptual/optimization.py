"""The optimisation of one picture: Gatys' style transfer, without a network.

The picture itself is the one weight that trains, so that Keras' own loop and
the losses of a training serve here on every backend.
"""

import math
from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from multistyle.errors import InputError
from multistyle.images.resizing import resize
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.losses import (
    content_loss,
    style_loss,
    total_variation_loss,
)
from multistyle.perceptual.scales import FIRST_SIZE, plan_scales

LEARNING_RATE = 0.02
# VGG-16 halves a picture three times.
MIN_SIZE = 16
TERMS = (
    "content_loss",
    "style_loss",
    "total_variation_loss",
    "total_loss",
)


class Step(NamedTuple):
    """One step of an optimisation.

    Attributes:
        number: int, from 1.
        num_steps: int, of the whole optimisation.
        share: float in (0, 1], the part of the arithmetic that is done:
            a step costs as much as it has pixels.
        losses: dict by `TERMS` of floats, those that the step began with.
        picture: float32 [h, w, 3] in [0, 1], what the step has made; of the
            photograph's size at the last scale, smaller before.
    """

    number: int
    num_steps: int
    share: float
    losses: dict
    picture: np.ndarray


class PictureOptimizer:
    """Optimises pictures until they look like one photograph, painted.

    total = content_weight * content + style_weight * style
            + total_variation_weight * total variation

    is lowered by Adam at a rate of 0.02, in units of [0, 1], and each step is
    clipped to [0, 1]. A large picture is worked on from coarse to fine: the
    first scale's long side has `first_size` pixels at most, each next one is
    the square root of 2 larger and begins with the result so far, enlarged.
    The scales share the steps equally, and the painting is reduced with the
    photograph: its strokes keep their size in the picture. What is coarse is
    settled where a step is cheap and sees far.

    What a size of picture needs compiled is compiled once and used again.

    Args:
        loss_network: a `LossNetwork`.
        loss_weights: a `LossWeights`, or None for its defaults.
        first_size: number, pixels; infinity for one scale alone.

    Reference:
        Gatys et al., 2016, "Image Style Transfer Using CNNs", by Adam in
        place of L-BFGS; Gatys et al., 2017, "Controlling Perceptual Factors
        in Neural Style Transfer", section 6, for coarse to fine; the square
        root of 2 is Katherine Crowson's,
        https://github.com/crowsonkb/style-transfer-pytorch . Ours: beta_2 of
        0.99 (2 % lower than with 0.999 after 100 steps), no average over the
        steps (1 % higher), no moments that outlive a scale.
    """

    def __init__(self, loss_network, loss_weights=None, first_size=FIRST_SIZE):
        self.loss_network = loss_network
        self.loss_weights = loss_weights or LossWeights()
        self.first_size = first_size
        self._models = {}

    def steps(
        self,
        photograph,
        style_image,
        num_steps=200,
        start="photograph",
        seed=0,
    ):
        """Optimises one picture, step by step.

        Args:
            photograph: float32 [H, W, 3] in [0, 1], each side at least
                `MIN_SIZE` at the first scale.
            style_image: float32 [h, w, 3] in [0, 1], of any size likewise;
                the larger, the broader the strokes.
            num_steps: int >= 1, of all scales together.
            start: "photograph" or "noise".
            seed: int >= 0, of the noise.

        Yields:
            A `Step` each.

        Raises:
            InputError: for a picture that is too small, a number of steps
                below 1, or another start.
        """
        if start not in ("photograph", "noise"):
            raise InputError(
                f"`start` is one of photograph, noise; got `{start}`."
            )
        size, style_size = photograph.shape[:2], style_image.shape[:2]
        scales = plan_scales(max(size), num_steps, self.first_size)
        _check_size("photograph", scales[0].of(size))
        _check_size("style image", scales[0].of(style_size))
        picture = photograph
        if start == "noise":
            random = np.random.default_rng(seed)
            picture = random.random((*scales[0].of(size), 3), np.float32)
        work = [math.prod(scale.of(size)) for scale in scales]
        all_work = sum(
            pixels * scale.num_steps
            for pixels, scale in zip(work, scales, strict=True)
        )
        number, done = 0, 0
        for pixels, scale in zip(work, scales, strict=True):
            model = self._model(scale.of(size))
            targets = model.begin(
                resize(picture, scale.of(size)),
                resize(photograph, scale.of(size)),
                resize(style_image, scale.of(style_size)),
            )
            for _ in range(scale.num_steps):
                losses, picture = model.take_step(targets)
                number += 1
                done += pixels
                yield Step(number, num_steps, done / all_work, losses, picture)

    def _model(self, size):
        if size not in self._models:
            self._models[size] = _PictureModel(
                size, self.loss_network, self.loss_weights
            )
        return self._models[size]


class _PictureModel(keras.Model):
    """A picture of one size, the one weight that trains, under its losses.

    The data of a step are the targets: the content features of the
    photograph, [1, h, w, C], and the Gram matrices of the painting, a dict
    layer name -> [1, C, C].
    """

    def __init__(self, size, loss_network, loss_weights):
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
            shape=(len(TERMS),),
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

    def begin(self, picture, photograph, painting):
        """Begins anew; returns the targets. All float32 [h, w, 3]."""
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

    def take_step(self, targets):
        """Returns the losses before a step and the picture after it."""
        self.train_on_batch(targets)
        values = ops.convert_to_numpy(self.last_losses)
        # A copy: the next step may write over the tensor's own memory.
        picture = np.array(ops.convert_to_numpy(self.picture)[0])
        return dict(zip(TERMS, map(float, values), strict=True)), picture

    def call(self, targets):
        return ops.convert_to_tensor(self.picture)

    def compute_loss(
        self,
        x=None,
        y=None,
        y_pred=None,
        sample_weight=None,
        training=True,
    ):
        network, weights = self.loss_network, self.loss_weights
        features = network(y_pred)
        content = content_loss(
            features[network.content_layer], x["content"], weights.scaling
        )
        style = style_loss(
            network.gram_matrices(features), x["style"], weights.scaling
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


def optimize_picture(
    loss_network,
    photograph,
    style_image,
    num_steps=200,
    loss_weights=None,
    start="photograph",
    seed=0,
    report=None,
):
    """Optimises one picture until it looks like a photograph, painted.

    Args:
        loss_network, loss_weights: as of `PictureOptimizer`.
        photograph, style_image, num_steps, start, seed: as of its `steps`.
        report: function of (step's number, num_steps, dict of losses), called
            after each step; or None.

    Returns:
        float32 [H, W, 3] in [0, 1].

    Raises:
        InputError: as of `PictureOptimizer.steps`.
    """
    optimizer = PictureOptimizer(loss_network, loss_weights)
    for step in optimizer.steps(
        photograph, style_image, num_steps, start, seed
    ):
        if report:
            report(step.number, step.num_steps, step.losses)
    return step.picture


def _check_size(name, size):
    if min(size) < MIN_SIZE:
        height, width = size
        raise InputError(
            f"A {name} of `{width} x {height}` pixels is too small to be "
            f"optimised; each side must have at least {MIN_SIZE}."
        )


def _clip(picture):
    return ops.clip(picture, 0.0, 1.0)
