"""References: what a network's pictures are measured against.

`gatys:N` is the optimisation of each picture by itself, in N steps from the
photograph. A model, a network of one style or more, is compared in those
styles that both have by name: the paper's table of many-style over
single-style losses.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from multistyle.errors import InputError
from multistyle.inference.stylizer import Stylizer
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.optimization.optimizer import PictureOptimizer

GATYS = "gatys"


class Reference(Protocol):
    """What paints a photograph, to be compared with.

    Attributes:
        name: text, by which it was asked for.
    """

    name: str

    def pastiche(
        self, photograph: np.ndarray, style_image: np.ndarray, style_name: str
    ) -> np.ndarray | None:
        """Paints a photograph, or returns None if it knows no such style."""


def load_references(
    specs: str | Sequence[str], loss_network: LossNetwork
) -> list[Reference]:
    """Loads references.

    Args:
        specs: text or list of texts, each one or several with commas between:
            "gatys:N", or a model, see `network.models.find_model`.
        loss_network: the `LossNetwork` of optimisations.

    Returns:
        List of `Reference`, each once, in the order given.

    Raises:
        InputError: if `gatys:` has no whole number of steps, or a model is
            not there.
    """
    specs = [specs] if isinstance(specs, str) else specs
    pieces = [piece.strip() for spec in specs for piece in spec.split(",")]
    names = list(dict.fromkeys(filter(None, pieces)))
    num_steps = {
        name: _read_num_steps(name)
        for name in names
        if name.partition(":")[0] == GATYS
    }
    optimizations = _Optimizations(
        PictureOptimizer(loss_network, first_size=np.inf),
        set(num_steps.values()),
    )
    return [
        GatysReference(name, num_steps[name], optimizations)
        if name in num_steps
        else NetworkReference(name)
        for name in names
    ]


class GatysReference:
    """The optimisation of each picture by itself.

    Attributes:
        name: "gatys:N".
    """

    def __init__(
        self, name: str, num_steps: int, optimizations: "_Optimizations"
    ) -> None:
        self.name = name
        self._num_steps = num_steps
        self._optimizations = optimizations

    def pastiche(
        self, photograph: np.ndarray, style_image: np.ndarray, style_name: str
    ) -> np.ndarray:
        """Paints a photograph.

        References that were loaded together share one optimisation of a
        pair, if they are asked for it one after the other.

        Args:
            photograph: float32 [H, W, 3] in [0, 1].
            style_image: float32 [h, w, 3] in [0, 1].
            style_name: text, which changes nothing here.

        Returns:
            float32 [H, W, 3] in [0, 1].
        """
        pictures = self._optimizations.pictures(photograph, style_image)
        return pictures[self._num_steps]


class NetworkReference:
    """Another network that knows some of the styles.

    Attributes:
        name: the model, as it was given.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._stylizer = Stylizer.load(name, precision="float32")

    def pastiche(
        self, photograph: np.ndarray, style_image: np.ndarray, style_name: str
    ) -> np.ndarray | None:
        """Paints a photograph.

        Args:
            photograph: float32 [H, W, 3] in [0, 1].
            style_image: array, which changes nothing here.
            style_name: text.

        Returns:
            float32 [H, W, 3] in [0, 1], or None if the network has no style
            of that name.
        """
        if style_name not in self._stylizer.style_names:
            return None
        return self._stylizer.stylize(photograph, {style_name: 1.0})


class _Optimizations:
    """The pictures of one optimisation after several numbers of steps.

    There is one scale, whatever the size of the picture, so that the first 50
    of 200 steps are those of an optimisation of 50.
    """

    def __init__(self, optimizer: PictureOptimizer, numbers: set[int]) -> None:
        self._optimizer = optimizer
        self._numbers = numbers
        self._pair: tuple[np.ndarray | None, np.ndarray | None] = (None, None)
        self._pictures: dict[int, np.ndarray] = {}

    def pictures(
        self, photograph: np.ndarray, style_image: np.ndarray
    ) -> dict[int, np.ndarray]:
        """Returns {number of steps: picture}; the last pair is kept."""
        if self._pair[0] is not photograph or self._pair[1] is not style_image:
            self._pictures = {
                step.number: step.picture
                for step in self._optimizer.steps(
                    photograph, style_image, num_steps=max(self._numbers)
                )
                if step.number in self._numbers
            }
            self._pair = (photograph, style_image)
        return self._pictures


def _read_num_steps(name: str) -> int:
    text = name.partition(":")[2]
    if not text.isdecimal() or int(text) < 1:
        raise InputError(
            f"`{name}` must be {GATYS}:N with a whole number of steps from 1, "
            f"for example {GATYS}:50."
        )
    return int(text)
