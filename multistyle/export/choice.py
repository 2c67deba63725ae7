"""The choice of styles that an export holds."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from multistyle.blends.weights import StyleWeights, style_weights
from multistyle.errors import InputError
from multistyle.export.formats import Format
from multistyle.network.growth import style_rows
from multistyle.network.rows import Rows
from multistyle.network.transform import TransformNetwork

# Of the one style that a baked blend is.
BLEND = "blend"


def choose_styles(
    network: TransformNetwork,
    styles: Sequence[str] | None = None,
    bake: StyleWeights | None = None,
) -> tuple[TransformNetwork, list[dict[str, Any]]]:
    """Makes the network of an export.

    Args:
        network: a `TransformNetwork`, which stays as it is.
        styles: names to keep, in this order; None is all.
        bake: None, or one blend of them.

    Returns:
        The pair of a network, in float32 whatever the other computes in,
        whose styles are those chosen, or the blend as one; and a list with
        "name" and credits of each style that is in it, and with "weight" for
        a blend.

    Raises:
        InputError: for a style that there is not, and for a blend of none.
    """
    names = list(network.style_names if styles is None else styles)
    if not names:
        raise InputError("`styles` names none: give one or more.")
    rows = style_rows(network, names)
    credits = {
        name: network.credits[name] for name in names if name in network.credits
    }
    listed: list[dict[str, Any]] = [
        {"name": name, **credits.get(name, {})} for name in names
    ]
    if bake is None:
        return _in_float32(network, names, rows, credits), listed
    weights = style_weights(bake, names)
    if weights.ndim != 1:
        raise InputError(
            "A blend that is baked is the same all over the picture; got "
            f"weights of the shape `{list(weights.shape)}`."
        )
    listed = [
        {**style, "weight": round(float(weight), 6)}
        for style, weight in zip(listed, weights, strict=True)
        if weight
    ]
    return _in_float32(network, [BLEND], _blend(rows, weights), {}), listed


def lossless_store(
    network: TransformNetwork, format: Format, baked: bool
) -> str:
    """Returns the smallest way to keep weights that loses nothing.

    The row of a blend is small, and kept as it is.
    """
    if "float16" not in format.stores:
        return "float32"
    halves = all(
        np.array_equal(array, array.astype(np.float16))
        for block in network.blocks
        for layer in (block.convolution, block.normalization)
        if layer is block.convolution or not baked
        for array in layer.get_weights()
    )
    return "float16" if halves or len(format.stores) == 1 else "float32"


def _blend(rows: Rows, weights: np.ndarray) -> Rows:
    """Returns one row a table, summed as the layers do."""
    return {
        layer: (weights[None] @ gamma, weights[None] @ beta)
        for layer, (gamma, beta) in rows.items()
    }


def _in_float32(network, names, rows, credits):
    """Makes a network of those styles on the same shared weights."""
    new = TransformNetwork.from_config(
        {
            **network.get_config(),
            "style_names": names,
            "credits": credits,
            "dtype": "float32",
            "finisher": None,
        }
    )
    for mine, theirs in zip(new.blocks, network.blocks, strict=True):
        mine.convolution.set_weights(theirs.convolution.get_weights())
        mine.normalization.set_weights(rows[mine.name])
    return new
