"""A network for use without multistyle, in one of the formats."""

import os
from typing import TYPE_CHECKING

from multistyle.errors import InputError
from multistyle.export.formats import FORMATS
from multistyle.keywords import suggest_keywords

if TYPE_CHECKING:
    from multistyle.export.parity import Parity
    from multistyle.network.transform import TransformNetwork


@suggest_keywords
def export_network(
    network: "TransformNetwork | str | os.PathLike[str]",
    path: str | os.PathLike[str],
    *,
    format: str = "saved_model",
    overwrite: bool = False,
) -> "list[Parity]":
    """Writes a network for use without multistyle, whole or not at all.

    What was written is loaded again and paints beside the network: noise and
    flat pictures, in single styles and in blends.

    Args:
        network: the network, or a run folder, a `.keras` file or the name of
            a bundled model.
        path: what to write; it is tried before anything is loaded.
        format: "saved_model", a folder that TensorFlow alone loads, for any
            batch, height and width; see `export.saved_model`.
        overwrite: whether to replace an export that stands there.

    Returns:
        How far the export's pictures are from the network's, at each size.

    Raises:
        InputError: if `path` exists or cannot be written, if there is no such
            model or format, or if Keras does not run on TensorFlow.
        ParityError: if the pictures differ; nothing is left.

    Example:
        >>> rows = multistyle.export_network("paintings-fast", "served")
        ...
        >>> max(row.largest for row in rows) < 1 / 255
        True
    """
    if format not in FORMATS:
        raise InputError(
            f"`{format}` is no format of an export: use one of "
            f"{', '.join(FORMATS)}."
        )
    # Late, because it imports TensorFlow.
    from multistyle.export.saved_model import export_saved_model

    return export_saved_model(network, path, overwrite=overwrite)
