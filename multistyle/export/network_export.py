"""A network for use without multistyle, in one of the formats."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from multistyle.errors import InputError
from multistyle.export.formats import Settings, find_format
from multistyle.files.whole_folders import whole_folder
from multistyle.keywords import suggest_keywords
from multistyle.network.architecture import MIN_SIZE

if TYPE_CHECKING:
    from multistyle.blends.weights import StyleWeights
    from multistyle.export.parity import Parity
    from multistyle.network.transform import TransformNetwork


@suggest_keywords
def export_network(
    network: "TransformNetwork | str | os.PathLike[str]",
    path: str | os.PathLike[str],
    *,
    format: str = "saved_model",
    styles: Sequence[str] | None = None,
    bake: "StyleWeights | None" = None,
    store: str | None = None,
    size: int | tuple[int, int] | None = None,
    overwrite: bool = False,
) -> "list[Parity]":
    """Writes a network for use without multistyle, whole or not at all.

    What was written is run in its own runtime and paints beside the network:
    pictures of several sizes, in single styles and in blends, and flat ones.
    `export.json` in the folder says what came out, which styles there are
    with their credits, and the inputs and outputs.

    Args:
        network: the network, or a run folder, a `.keras` file or the name of
            a bundled model.
        path: the folder to write; it is tried before anything is loaded.
        format: one of `export.formats.FORMATS`.
        styles: names of the styles to keep, in this order; None is all.
        bake: None, or one blend, as `--style_weights` takes it: the export
            then paints it alone, and has no input for weights.
        store: "float32" or "float16", how weights are kept; they compute in
            float32 all the same. None is "float16" where that loses nothing,
            as of the bundled models, and where the format has it.
        size: None for pictures of any size, or the one size of all, in
            pixels, for formats that have it: a side, or (height, width).
        overwrite: whether to replace an export of the format that stands
            there.

    Returns:
        How far the export's pictures are from the network's, at each size.

    Raises:
        InputError: if `path` exists or cannot be written, if there is no such
            model, style or format, if the format cannot do what is asked or
            lacks a package, or if Keras runs on another backend than it needs.
        ParityError: if the pictures differ; nothing is left.

    Example:
        >>> rows = multistyle.export_network("paintings-fast", "served")
        ...
        >>> max(row.largest for row in rows) < 1 / 255
        True
    """
    found = find_format(
        format, baked=bake is not None, store=store, sized=size is not None
    )
    size = check_size(size)
    with whole_folder(path, found.mark, overwrite=overwrite) as folder:
        # Late, because they import Keras.
        from multistyle.export.choice import choose_styles, lossless_store
        from multistyle.export.description import check_and_describe
        from multistyle.network.models import open_network

        check_backend(format, found.backend)
        network = open_network(network)
        chosen, credits = choose_styles(network, styles, bake)
        baked = bake is not None
        store = store or lossless_store(chosen, found, baked)
        settings = Settings(baked, store, size)
        written = found.write(chosen, folder, settings)
        return check_and_describe(
            chosen, folder, format, settings, credits, written
        )


def check_size(
    size: int | tuple[int, int] | None,
) -> tuple[int, int] | None:
    """Returns (height, width) of the one size, or None for any.

    Raises:
        InputError: for anything below 8 pixels a side, and for other forms.
    """
    if size is None:
        return None
    sides = size if isinstance(size, (list, tuple)) else (size, size)
    if len(sides) != 2 or not all(
        isinstance(side, int) and side >= MIN_SIZE for side in sides
    ):
        raise InputError(
            f"A size is a side of at least {MIN_SIZE} pixels, such as `512`, "
            f"or (height, width); got `{size}`."
        )
    return sides[0], sides[1]


def check_backend(format: str, backend: str | None) -> None:
    """Raises InputError where Keras runs on another backend than needed."""
    import keras  # Late, as above.

    own = keras.backend.backend()
    if backend not in (None, own):
        raise InputError(
            f"`{format}` is written with Keras on {backend}, and it runs on "
            f"`{own}`: set KERAS_BACKEND={backend}."
        )
