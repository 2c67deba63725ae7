"""The picture optimizer: Gatys' style transfer, without a network."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from multistyle.choices import check_choice
from multistyle.errors import InputError
from multistyle.images.resizing import resize
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.optimization.picture_model import PictureModel
from multistyle.perceptual.optimization.scales import FIRST_SIZE, plan_scales
from multistyle.whole_numbers import check_whole_number

STARTS = ("photograph", "noise")
# VGG-16 halves a picture three times.
MIN_OPTIMIZED_SIZE = 16


class OptimizationStep(NamedTuple):
    """One step of the optimisation of a picture.

    Attributes:
        number: int, from 1.
        num_steps: int, of the whole optimisation.
        share: float in (0, 1], how much of the arithmetic is done: a step
            takes as long as it has pixels.
        losses: dict of floats by `picture_model.LOSS_NAMES`, what the step
            began with.
        picture: float32 [h, w, 3] in [0, 1], what the step has made; of the
            photograph's size at the last scale, smaller before.
    """

    number: int
    num_steps: int
    share: float
    losses: dict[str, float]
    picture: np.ndarray


class PictureOptimizer:
    """Optimises pictures: each until it looks like its photograph, painted.

    total = content_weight * content + style_weight * style
            + total_variation_weight * total variation

    is lowered by Adam at a rate of 0.02, in units of [0, 1], and the picture
    is clipped to [0, 1] after each step. A large picture is worked on from
    coarse to fine: at the first scale the long side has `first_size` pixels
    at most; each further scale is larger by the square root of 2 and begins
    with the picture so far, enlarged. So what is coarse is settled where a
    step is cheap and sees far. The scales share the steps equally, and the
    painting is reduced with the photograph, so that its strokes keep their
    size in the picture.

    What is compiled for one size of picture serves all pictures of that size.

    Args:
        loss_network: a `LossNetwork`.
        loss_weights: a `LossWeights`, or None for its defaults; content,
            style and total variation count.
        first_size: number, pixels; infinity for one scale alone.

    Reference:
        Gatys et al., 2016, "Image Style Transfer Using CNNs", by Adam in
        place of L-BFGS; Gatys et al., 2017, "Controlling Perceptual Factors
        in Neural Style Transfer", section 6, for coarse to fine; the square
        root of 2 is Katherine Crowson's,
        https://github.com/crowsonkb/style-transfer-pytorch . Ours: a beta_2
        of 0.99 (the total is 2 % lower than with 0.999 after 100 steps), no
        average over the steps (it would be 1 % higher), and moments that end
        with their scale.

    Example:
        >>> import numpy as np
        >>> from multistyle.perceptual.loss_networks import load_loss_network
        >>> from multistyle.perceptual.optimization.optimizer import (
        ...     PictureOptimizer,
        ... )
        >>> optimizer = PictureOptimizer(load_loss_network("pocket"))
        >>> photograph = np.zeros((32, 48, 3), "float32")
        >>> painting = np.ones((32, 32, 3), "float32")
        >>> for step in optimizer.steps(photograph, painting, num_steps=2):
        ...     print(step.number, step.picture.shape)
        1 (32, 48, 3)
        2 (32, 48, 3)
    """

    def __init__(
        self,
        loss_network: LossNetwork,
        *,
        loss_weights: LossWeights | None = None,
        first_size: float = FIRST_SIZE,
    ) -> None:
        self.loss_network = loss_network
        self.loss_weights = loss_weights or LossWeights()
        self.first_size = first_size
        self._models: dict[tuple[int, int], PictureModel] = {}

    def steps(
        self,
        photograph: np.ndarray,
        style_image: np.ndarray,
        *,
        num_steps: int = 200,
        start: str = "photograph",
        seed: int = 0,
    ) -> Iterator[OptimizationStep]:
        """Optimises one picture, step by step.

        Args:
            photograph: float32 [H, W, 3] in [0, 1], each side at least 16 px
                at the first scale.
            style_image: float32 [h, w, 3] in [0, 1], likewise; the larger it
                is, the broader are the strokes.
            num_steps: int >= 1, of all scales together.
            start: one of `STARTS`, what the picture is before the first step.
            seed: int >= 0, of the noise.

        Yields:
            An `OptimizationStep` after each step.

        Raises:
            InputError: for a picture that is too small, a number of steps
                below 1, another start, or a seed that is none.
        """
        check_whole_number("seed", seed, least=0)
        check_choice("start", start, STARTS)
        size, style_size = photograph.shape[:2], style_image.shape[:2]
        scales = plan_scales(max(size), num_steps, first_size=self.first_size)
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
                yield OptimizationStep(
                    number, num_steps, done / all_work, losses, picture
                )

    def _model(self, size: tuple[int, int]) -> PictureModel:
        if size not in self._models:
            self._models[size] = PictureModel(
                size, self.loss_network, self.loss_weights
            )
        return self._models[size]


def _check_size(name: str, size: tuple[int, int]) -> None:
    if min(size) < MIN_OPTIMIZED_SIZE:
        height, width = size
        raise InputError(
            f"A {name} of `{width} x {height}` pixels is too small to be "
            f"optimised; each side must have at least {MIN_OPTIMIZED_SIZE}."
        )
