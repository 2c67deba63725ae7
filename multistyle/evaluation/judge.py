"""The judge: what a loss network thinks of a picture."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from keras import ops

from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.losses import content_loss, style_loss

PAINTING_SIZE = 384
STYLE_LOSS_WEIGHT = 6.0

Numbers = TypeVar("Numbers", float, np.ndarray)


class View(NamedTuple):
    """What the judge sees of one picture.

    Attributes:
        content: float tensor [1, h, w, C], features of the content layer.
        gram_matrices: dict style layer's name -> float32 tensor [1, C, C].
    """

    content: Any
    gram_matrices: dict[str, Any]


class Judge:
    """Measures content and style losses, relative as in training.

    Args:
        loss_network: a `LossNetwork`.
        paintings: iterable of N float32 [H, W, 3] in [0, 1]; with none there
            are content losses alone.
    """

    def __init__(
        self,
        loss_network: LossNetwork,
        paintings: Iterable[np.ndarray] = (),
    ) -> None:
        self._loss_network = loss_network
        paintings = list(paintings)
        self.num_styles = len(paintings)
        targets = loss_network.style_targets(paintings) if paintings else {}
        self._targets = {
            name: grams.reshape(len(grams), -1)
            for name, grams in targets.items()
        }

    def view(self, image: np.ndarray) -> View:
        """Looks at a picture, float32 [H, W, 3] in [0, 1]."""
        features = self._loss_network(ops.convert_to_tensor(image)[None])
        return View(
            features[self._loss_network.content_layer],
            self._loss_network.gram_matrices(features),
        )

    def content(self, view: View, photograph_view: View) -> float:
        """Returns the content loss of a pastiche, a float."""
        return float(content_loss(view.content, photograph_view.content)[0])

    def style(self, view: View, blends: np.ndarray | None = None) -> np.ndarray:
        """Measures style losses against paintings, or blends of paintings.

        The target of a blend is the blend of the Gram matrices.

        Args:
            view: a `View`.
            blends: float array [K, N] of weights that sum to 1; None is each
                painting alone.

        Returns:
            float array [K], or [N].
        """
        if blends is None:
            blends = np.eye(self.num_styles)
        targets = {}
        for name, grams in self._targets.items():
            num_channels = view.gram_matrices[name].shape[-1]
            blended = np.asarray(blends, np.float32) @ grams
            targets[name] = ops.convert_to_tensor(
                blended.reshape(-1, num_channels, num_channels)
            )
        losses = style_loss(view.gram_matrices, targets)
        return ops.convert_to_numpy(losses)


def total_loss(content: Numbers, style: Numbers) -> Numbers:
    """Returns content + 6 style, of numbers or arrays."""
    return content + STYLE_LOSS_WEIGHT * style
