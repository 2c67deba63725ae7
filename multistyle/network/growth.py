"""Networks of other styles: rows added, taken away and renamed.

What all styles share is copied, and so is each row that stays, to the bit: a
style paints after it as before.
"""

import os
from collections.abc import Iterable, Sequence

import numpy as np

from multistyle.blends.names import (
    append_style_names,
    check_style_name,
    did_you_mean,
)
from multistyle.errors import InputError
from multistyle.keywords import suggest_keywords
from multistyle.network.finishers import may_finish
from multistyle.network.models import open_network
from multistyle.network.rows import Rows, join_rows
from multistyle.network.styles import Credits
from multistyle.network.transform import TransformNetwork


def style_rows(network: TransformNetwork, names: Iterable[str]) -> Rows:
    """Reads the rows of some styles.

    Args:
        network: a `TransformNetwork`.
        names: list of M of its style names.

    Returns:
        Dict layer name -> (gamma, beta), each float32 [M, C], in the order
        of the pass.

    Raises:
        InputError: if the network has no such style; it names the nearest.
    """
    indices = [_index(network, name) for name in names]
    rows = {}
    for block in network.blocks:
        gamma, beta = (
            np.asarray(table, np.float32)[indices]
            for table in block.normalization.get_weights()
        )
        rows[block.name] = (gamma, beta)
    return rows


def with_styles(
    network: TransformNetwork,
    names: Sequence[str],
    rows: Rows,
    credits: Credits | None = None,
) -> TransformNetwork:
    """Makes a network of other styles on the same shared weights.

    Args:
        network: a `TransformNetwork`, which stays as it is.
        names: list of M style names.
        rows: dict as `style_rows` gives it, M rows a table.
        credits: dict style name -> credit.

    Returns:
        A new `TransformNetwork` of M styles, of the same form and dtype. It
        keeps the finisher, unless that has a style of a new name.

    Raises:
        InputError: if a name is malformed or given twice.
    """
    new_names = set(names) - set(network.style_names)
    fits = may_finish(network.finisher, new_names)
    new = TransformNetwork.from_config(
        {
            **network.get_config(),
            "style_names": list(names),
            "credits": credits or {},
            "finisher": network.finisher if fits else None,
        }
    )
    for mine, theirs in zip(new.blocks, network.blocks, strict=True):
        mine.convolution.set_weights(theirs.convolution.get_weights())
        mine.normalization.set_weights(rows[mine.name])
    return new


def append_styles(
    network: TransformNetwork,
    names: Sequence[str],
    rows: Rows,
    credits: Credits | None = None,
) -> TransformNetwork:
    """Adds styles after those of a network.

    Args:
        network: a `TransformNetwork`.
        names: list of M names that it does not have.
        rows: dict as `style_rows` gives it, M rows a table.
        credits: dict name -> credit, of the new styles.

    Returns:
        A new `TransformNetwork`; the old rows are the same to the bit.

    Raises:
        InputError: if a name is malformed, given twice or there already.
    """
    return with_styles(
        network,
        append_style_names(network.style_names, names),
        join_rows(style_rows(network, network.style_names), rows),
        {**network.credits, **(credits or {})},
    )


@suggest_keywords
def remove_styles(
    network: TransformNetwork | str | os.PathLike[str], names: Iterable[str]
) -> TransformNetwork:
    """Takes styles away.

    Args:
        network: a `TransformNetwork`, or what `load_network` takes.
        names: list of some of its style names, not of all.

    Returns:
        A new `TransformNetwork` of the others, in their order.

    Raises:
        InputError: if there is no such style, or none would be left.

    Example:
        >>> network = multistyle.Stylizer.load("paintings-fast").network
        >>> smaller = multistyle.remove_styles(network, ["udnie"])
        >>> "udnie" in smaller.style_names
        False
    """
    network = open_network(network)
    gone = {_index(network, name) for name in names}
    left = [name for i, name in enumerate(network.style_names) if i not in gone]
    if not left:
        raise InputError(
            "A network keeps at least one style; all "
            f"`{network.num_styles}` would go."
        )
    credits = {n: network.credits[n] for n in left if n in network.credits}
    return with_styles(network, left, style_rows(network, left), credits)


@suggest_keywords
def rename_style(
    network: TransformNetwork | str | os.PathLike[str], old: str, new: str
) -> TransformNetwork:
    """Gives a style another name; it keeps its place and its credit.

    Args:
        network: a `TransformNetwork`, or what `load_network` takes.
        old: one of its style names.
        new: the name to give, none of the other styles'.

    Returns:
        A new `TransformNetwork`.

    Raises:
        InputError: if there is no style `old`, or `new` is malformed or
            another style's.

    Example:
        >>> network = multistyle.load_network("runs/one_style/model.keras")
        >>> multistyle.rename_style(network, "great_wave", "wave").style_names
        ['wave']
    """
    network = open_network(network)
    names = list(network.style_names)
    index = _index(network, old)
    old, new = names[index], check_style_name(new)
    if new != old and new in names:
        raise InputError(f"The network has a style `{new}` already.")
    names[index] = new
    credits = dict(network.credits)
    if old in credits:
        credits[new] = credits.pop(old)
    rows = style_rows(network, network.style_names)
    return with_styles(network, names, rows, credits)


def _index(network: TransformNetwork, name: str) -> int:
    names = network.style_names
    try:
        return names.index(check_style_name(name))
    except (InputError, ValueError):
        raise InputError(
            f"There is no style `{name}`{did_you_mean(str(name), names)}"
        ) from None
