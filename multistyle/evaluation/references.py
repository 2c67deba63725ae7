"""References: what a network's pictures are measured against.

`gatys:N` is the optimisation of each picture by itself, N steps from the
photograph. A model, a network of one style or more, is compared in the styles
that it shares by name: the paper's table of many-style over single-style
losses.
"""

import numpy as np

from multistyle.errors import InputError
from multistyle.inference.stylizer import Stylizer
from multistyle.perceptual.optimization import PictureOptimizer

GATYS = "gatys"


def load_references(specs, loss_network, loss_weights=None):
    """Loads references.

    Args:
        specs: list of texts, each one or several with commas between:
            "gatys:N", or a model as of `network.models.find_model`.
        loss_network: the `LossNetwork` that optimisations are led by.
        loss_weights: their `LossWeights`, or None for its defaults.

    Returns:
        List of references, in the order of their names, each once. Each has
        a `name` and a method `pastiche`.

    Raises:
        InputError: if a number of steps is none, or a model is not there.
    """
    pieces = [piece.strip() for spec in specs for piece in spec.split(",")]
    names = list(dict.fromkeys(filter(None, pieces)))
    num_steps = {
        name: _read_num_steps(name)
        for name in names
        if name.partition(":")[0] == GATYS
    }
    optimizations = _Optimizations(
        PictureOptimizer(loss_network, loss_weights, first_size=np.inf),
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

    def __init__(self, name, num_steps, optimizations):
        self.name = name
        self._num_steps = num_steps
        self._optimizations = optimizations

    def pastiche(self, photograph, style_image, style_name):
        """Paints a photograph.

        References that were loaded together share one optimisation of a
        pair, if they are asked for it one after the other.

        Args:
            photograph: float32 [H, W, 3] in [0, 1].
            style_image: float32 [h, w, 3] in [0, 1].
            style_name: text, which does not matter here.

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

    def __init__(self, name):
        self.name = name
        self._stylizer = Stylizer.load(name)

    def pastiche(self, photograph, style_image, style_name):
        """Paints a photograph.

        Args:
            photograph: float32 [H, W, 3] in [0, 1].
            style_image: which does not matter here.
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

    At one scale, whatever the size: so the first of 200 steps are those of an
    optimisation of 50.
    """

    def __init__(self, optimizer, numbers):
        self._optimizer = optimizer
        self._numbers = numbers
        self._pair = (None, None)
        self._pictures = {}

    def pictures(self, photograph, style_image):
        """Returns {number of steps: picture}; the last pair is kept."""
        if self._pair[0] is not photograph or self._pair[1] is not style_image:
            self._pictures = {
                step.number: step.picture
                for step in self._optimizer.steps(
                    photograph, style_image, max(self._numbers)
                )
                if step.number in self._numbers
            }
            self._pair = (photograph, style_image)
        return self._pictures


def loss_ratios(losses, reference_losses):
    """Compares losses with those of a reference: the paper's table.

    Args:
        losses, reference_losses: dicts row -> dict term -> floats, one a
            photograph; a row is a style, or whatever both have in common.

    Returns:
        Dict "rows" -> {row: {term: ratio of the two means}} for the rows that
        both have, and "mean" and "spread" -> {term: float}, the mean and the
        standard deviation of the ratios over the rows.

    Reference:
        Dumoulin et al., 2017, section 3.2 and figure 3: many-style over
        single-style losses, each the mean over photographs.
    """
    rows = {
        row: {
            term: float(np.mean(values) / np.mean(reference_losses[row][term]))
            for term, values in terms.items()
        }
        for row, terms in losses.items()
        if row in reference_losses
    }
    columns = {}
    for ratios in rows.values():
        for term, ratio in ratios.items():
            columns.setdefault(term, []).append(ratio)
    return {
        "rows": rows,
        "mean": {term: float(np.mean(r)) for term, r in columns.items()},
        "spread": {term: float(np.std(r)) for term, r in columns.items()},
    }


def _read_num_steps(name):
    text = name.partition(":")[2]
    if not text.isdecimal() or int(text) < 1:
        raise InputError(
            f"`{name}` must be {GATYS}:N with a whole number of steps from 1, "
            f"for example {GATYS}:50."
        )
    return int(text)
