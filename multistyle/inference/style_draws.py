"""Styles drawn at random, and the frozen network that paints in them."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from multistyle.blends.names import check_style_names, did_you_mean
from multistyle.errors import InputError
from multistyle.learning.reader import can_read
from multistyle.learning.repertoire import read_repertoire
from multistyle.network.growth import with_styles
from multistyle.network.models import bundled_models, find_model, load_network
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

# In place of a list of styles.
ANY = "any"


class StyleDraws:
    """What `RandomStylization` draws its styles from, and paints them by.

    Args:
        model, styles, blend: see `RandomStylization`.

    Attributes:
        styles: list of style names, `ANY`, or None for all of the model.

    Raises:
        InputError: if there is no such model or style, or no `ANY` of this
            model.
    """

    def __init__(
        self,
        model: TransformNetwork | str | os.PathLike[str],
        styles: Sequence[str] | None,
        blend: bool,
    ) -> None:
        network = _copy(model)
        self._blend = blend
        self._is_any = isinstance(styles, str) and styles == ANY
        self.styles = styles
        if self._is_any:
            if blend:
                raise InputError(
                    f'`styles="{ANY}"` blends two paintings each time: leave '
                    "`blend` out."
                )
            network = _with_any_styles(network)
        elif styles is not None:
            self.styles = _check_styles(styles, network.style_names)
        names: Sequence[str] = network.style_names
        if self.styles is not None and not self._is_any:
            names = self.styles
        columns = [network.style_names.index(name) for name in names]
        self._rows = np.eye(network.num_styles, dtype=np.float32)[columns]
        network.trainable = False
        self._network = network

    def draw(self, backend: Any, count: int, seed: Any) -> Any:
        """Draws style weights.

        Args:
            backend: what Keras' layers draw and compute by.
            count: how many blends.
            seed: an int or a `SeedGenerator` of that backend.

        Returns:
            Float tensor [count, N].
        """
        ops, random = backend.numpy, backend.random
        num_rows = len(self._rows)
        if self._blend:
            # Brought to a sum of 1, these are uniform over all blends.
            weights = random.gamma((count, num_rows), alpha=1.0, seed=seed)
            weights = weights / ops.sum(weights, axis=1, keepdims=True)
            return ops.matmul(weights, self._rows)
        index = random.randint((count,), minval=0, maxval=num_rows, seed=seed)
        weights = backend.nn.one_hot(index, num_rows)
        if self._is_any:
            # Of two, since what lies between many is all alike.
            index = random.randint(
                (count,), minval=0, maxval=num_rows, seed=seed
            )
            share = random.uniform((count, 1), seed=seed)
            weights = (1 - share) * weights
            weights += share * backend.nn.one_hot(index, num_rows)
        return ops.matmul(weights, self._rows)

    def paint(self, images: Any, style_weights: Any) -> Any:
        """Paints [B, H, W, 3] in [0, 1] in the styles [B, N]."""
        inputs = {"image": images, "style_weights": style_weights}
        return self._network(inputs, training=False)


def _copy(
    model: TransformNetwork | str | os.PathLike[str],
) -> TransformNetwork:
    """Returns a network of the draws' own."""
    if isinstance(model, TransformNetwork):
        network = TransformNetwork.from_config(model.get_config())
        network.set_weights(model.get_weights())
        return network
    if isinstance(model, (str, os.PathLike)):
        return load_network(find_model(model))
    raise InputError(
        "`model` is the name of a bundled model, a path or a "
        f"TransformNetwork; got a `{type(model).__name__}`."
    )


def _with_any_styles(network: TransformNetwork) -> TransformNetwork:
    """Returns a network of the repertoire's styles in place of its own."""
    digits = fingerprint(network)
    if not can_read(digits):
        shown = ", ".join(f"`{name}`" for name in bundled_models())
        raise InputError(
            f'`styles="{ANY}"` needs the shared weights of a bundled model '
            f"({shown}), or of one that styles were added to."
        )
    rows = read_repertoire(digits)
    count = len(next(iter(rows.values()))[0])
    return with_styles(network, [f"{ANY}_{i}" for i in range(count)], rows)


def _check_styles(
    styles: Sequence[str], style_names: Sequence[str]
) -> list[str]:
    styles = check_style_names(styles)
    for name in styles:
        if name not in style_names:
            raise InputError(
                f"There is no style `{name}`{did_you_mean(name, style_names)}"
            )
    return styles
