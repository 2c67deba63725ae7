"""Model files that visitors bring: `.keras` files, and packs of one style.

Each may come from anyone. Only arrays and names are taken from them, nothing
in them runs, and what else they hold is said.
"""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.inference.engines.engine import Engine
from multistyle.network.rows import Rows, flatten_row
from multistyle.network.stored_weights import NetworkWeights, read_weights
from multistyle.network.styles import fingerprint_kernels
from multistyle.server.orders.lessons import row_numbers
from multistyle.server.refusals import Refusal
from multistyle.server.shelf import Model, Shelf, check_new_name
from multistyle.server.uploads import Upload
from multistyle.server.visitors import Visitor


def take_model(
    shelf: Shelf, visitor: Visitor, upload: Upload
) -> dict[str, Any]:
    """Takes a visitor's own model or style.

    Args:
        shelf: of the server.
        visitor: who gains it.
        upload: its file.

    Returns:
        Dict for JSON: "model", its card; or of a pack "style".

    Raises:
        InputError: if it is no such file, or unsafe; the message says why.
    """
    if not zipfile.is_zipfile(upload.path):
        return {"style": _take_pack(shelf, visitor, upload.path)}
    weights = read_safely(upload.path)
    model = Model(
        name=_free_name(upload.path.stem, shelf, visitor),
        kind="uploaded",
        path=upload.path,
        fingerprint=fingerprint_kernels(
            layer.kernel for layer in weights.layers
        ),
        width_multiplier=weights.config["width_multiplier"],
        style_names=tuple(weights.style_names),
        credits=weights.config.get("credits") or {},
        upload=upload.id,
    )
    engine = shelf.engine(model.path)
    try:
        engine.paint(
            np.zeros((16, 16, 3), np.float32),
            np.eye(len(model.style_names), dtype=np.float32)[0],
        )
    except Exception as error:
        shelf.forget(model.path)
        raise _unsafe(upload.path, "it does not paint") from error
    visitor.models[model.name] = model
    return {"model": model.describe()}


def read_safely(path: Path) -> NetworkWeights:
    """Reads a `.keras` file from anyone, as arrays and names alone.

    Raises:
        Refusal: if it holds anything else, or is larger than it looks.
    """
    try:
        return read_weights(path)
    except ValueError as error:
        reason = str(error).partition("has another layout: ")[2].rstrip(".")
        raise _unsafe(path, reason or str(error)) from error


def _take_pack(shelf: Shelf, visitor: Visitor, path: Path) -> dict[str, Any]:
    # Late: it imports Keras.
    from multistyle.network.packs.pack_file import read_pack

    try:
        pack = read_pack(path)
    except InputError as error:
        reason = str(error).partition(" is no style pack: ")[2].rstrip(".")
        raise Refusal(
            f"`{path.name}` is neither a `.keras` file nor a style pack: "
            f"{reason or error}."
        ) from error
    models = [*shelf.models.values(), *visitor.models.values()]
    fitting = [m for m in models if pack.rows_for(m.fingerprint)]
    if not fitting:
        raise Refusal(
            f"The style `{pack.name}` belongs to the shared weights "
            f"`{pack.fingerprint[:12]}`, which no model here has: a style "
            "works only with the weights that it was trained with."
        )
    check_new_name(pack.name, fitting)
    learned: dict[str, np.ndarray] = {}
    for model in fitting:
        engine = shelf.engine(model.path)
        for each in filter(None, (engine, engine.finisher)):
            rows = pack.rows_for(each.fingerprint)
            if rows is not None:
                row = flatten_row(_fit(rows, each, pack.name))
                learned[each.fingerprint] = row
    for digits, row in learned.items():
        visitor.rows.setdefault(digits, {})[pack.name] = row
    return {
        "name": pack.name,
        "credit": pack.credit,
        "models": [model.name for model in fitting],
        "row": row_numbers(learned.get(shelf.browser_model.fingerprint)),
    }


def _fit(rows: Rows, engine: Engine, name: str) -> Rows:
    """Returns rows in the order of an engine's layers."""
    needed = engine.rows
    for layer, (gamma, _) in needed.items():
        given = rows.get(layer)
        if given is None or given[0].shape[1] != gamma.shape[1]:
            raise Refusal(f"The style `{name}` lacks rows of `{layer}`.")
    return {layer: rows[layer] for layer in needed}


def _free_name(stem: str, shelf: Shelf, visitor: Visitor) -> str:
    taken = {*shelf.models, *visitor.models}
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _unsafe(path: Path, reason: str) -> Refusal:
    return Refusal(
        f"`{path.name}` is refused: {reason}. Only networks that multistyle "
        "wrote are taken, which hold numbers and names alone."
    )
