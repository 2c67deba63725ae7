"""What a loss can be told; without Keras, so that a command's help is fast."""

import dataclasses

from multistyle.errors import InputError
from multistyle.perceptual.vgg16_weights import find_vgg16_weights

LOSS_NETWORKS = ("vgg16", "pocket")
LOSS_SCALINGS = ("relative", "paper")
LOSSES = (
    "content",
    "style",
    "total_variation",
    "stability",
    "lattice",
    "weave",
)


def default_loss_network(vgg_weights=None):
    """Returns "vgg16" if its weights lie on this machine, else "pocket".

    Args:
        vgg_weights: path, as of `vgg16_weights.find_vgg16_weights`.

    Raises:
        InputError: if a path is given that does not exist.
    """
    return "pocket" if find_vgg16_weights(vgg_weights) is None else "vgg16"


@dataclasses.dataclass(frozen=True)
class LossWeights:
    """How much each loss counts, and on which scale.

    Args:
        content, style, total_variation: float >= 0. With the relative
            scaling 1 : 6 : 0.15 (measured: 1 : 1 only shifts colours, 1 : 10
            loses faces); the paper's are 1 : 1 : 0 in the paper's scaling.
        stability, lattice, weave: float >= 0; the paper has none of them.
        scaling: one of `LOSS_SCALINGS`.

    Raises:
        InputError: for a value out of its limits.
    """

    content: float = 1.0
    style: float = 6.0
    total_variation: float = 0.15
    stability: float = 0.0
    lattice: float = 0.2
    weave: float = 0.0
    scaling: str = "relative"

    def __post_init__(self):
        if self.scaling not in LOSS_SCALINGS:
            raise InputError(
                f"`loss_scaling` is one of {', '.join(LOSS_SCALINGS)}; got "
                f"`{self.scaling}`."
            )
        for name in LOSSES:
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise InputError(
                    f"`{name}_loss_weight` must be a number from 0; got "
                    f"`{value}`."
                )

    @classmethod
    def paper(cls, **given):
        """Returns the paper's form and weights, but for those given."""
        weights = {"style": 1.0, "total_variation": 0.0, "lattice": 0.0}
        weights.update(given)
        return cls(**weights, scaling="paper")
