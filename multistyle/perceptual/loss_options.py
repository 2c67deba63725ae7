"""The options of the losses; without Keras, so that a help text is fast."""

import dataclasses
import os

from multistyle.choices import check_choice
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


def default_loss_network(
    vgg_weights: str | os.PathLike[str] | None = None,
) -> str:
    """Returns "vgg16" if its weights lie on this machine, else "pocket".

    Args:
        vgg_weights: path, see `vgg16_weights.find_vgg16_weights`.

    Raises:
        InputError: if a path is given that does not exist.
    """
    return "pocket" if find_vgg16_weights(vgg_weights) is None else "vgg16"


@dataclasses.dataclass(frozen=True, kw_only=True)
class LossWeights:
    """How much each loss counts, and on which scale.

    Args:
        content, style, total_variation: float >= 0. In the relative scaling
            1 : 6 : 0.15 (of those tried, 1 : 1 only shifts colours, and
            1 : 10 loses faces); the paper has 1 : 1 : 0 in its own scaling.
        stability, lattice, weave: float >= 0; the paper has none of them.
        scaling: one of `LOSS_SCALINGS`.

    Raises:
        InputError: for a value out of its limits.

    Example:
        >>> LossWeights(style=10.0).content
        1.0
    """

    content: float = 1.0
    style: float = 6.0
    total_variation: float = 0.15
    stability: float = 0.0
    lattice: float = 0.2
    weave: float = 0.0
    scaling: str = "relative"

    def __post_init__(self) -> None:
        check_choice("loss_scaling", self.scaling, LOSS_SCALINGS)
        for name in LOSSES:
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise InputError(
                    f"`{name}_loss_weight` must be a number from 0; got "
                    f"`{value}`."
                )

    @classmethod
    def paper(
        cls,
        *,
        content: float = 1.0,
        style: float = 1.0,
        total_variation: float = 0.0,
        stability: float = 0.0,
        lattice: float = 0.0,
        weave: float = 0.0,
    ) -> "LossWeights":
        """Returns weights in the paper's scaling; its own by default."""
        return cls(
            content=content,
            style=style,
            total_variation=total_variation,
            stability=stability,
            lattice=lattice,
            weave=weave,
            scaling="paper",
        )
