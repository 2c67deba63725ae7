"""The page as an export: a folder that any static server serves."""

import functools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import multistyle
from multistyle.export.formats import Settings, Written
from multistyle.export.web_reader import pack_reader
from multistyle.export.web_thumbnails import COLUMNS, pack_thumbnails
from multistyle.export.web_weights import pack_network
from multistyle.inference.passes.levels import DECIDING_SIZE
from multistyle.learning.reader import can_read
from multistyle.network.models import bundled_models, find_model
from multistyle.network.places import project, unit_rows
from multistyle.network.stored_weights import (
    NetworkWeights,
    read_weights,
    take_weights,
)
from multistyle.network.styles import Credits, fingerprint_kernels
from multistyle.network.thumbnails import THUMBNAIL_SIZE
from multistyle.page.listing import page_files

if TYPE_CHECKING:
    from multistyle.inference.stylizer import Stylizer
    from multistyle.network.transform import TransformNetwork

MODEL_FOLDER, READER_FOLDER = "model", "reader"
_DECIMALS = 4


def write(
    network: "TransformNetwork", folder: Path, settings: Settings
) -> Written:
    """Writes the page with a network; see `export.formats`."""
    from multistyle.export.web_runtime import run_in_node

    write_page(network, folder)
    paint, versions, note = run_in_node(folder)
    picture = {
        "dtype": "float32",
        "shape": ["height", "width", 3],
        "range": [0, 1],
    }
    weights = {**picture, "shape": [network.num_styles]}
    return Written(
        paint,
        inputs=[
            {"name": "image", **picture},
            {"name": "style_weights", **weights},
        ],
        outputs=[{"name": "stylized_image", **picture}],
        versions=versions,
        note=note,
    )


def write_page(
    network: "TransformNetwork | str | os.PathLike[str]", folder: Path
) -> None:
    """Writes the page with a network, without a look at how it paints.

    Args:
        network: the network, or what `find_model` finds; read without Keras.
        folder: where the page's index.html shall lie.

    Raises:
        InputError: if there is no such model.
    """
    for path, file in page_files().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    write_web_model(network, folder)


def write_web_model(
    network: "TransformNetwork | str | os.PathLike[str]", folder: Path
) -> None:
    """Writes what the page fetches of a network: `model/` and `reader/`.

    Args:
        network: the network, or what `find_model` finds; read without Keras.
        folder: that of the page.

    Raises:
        InputError: if there is no such model.
    """
    if isinstance(network, (str, os.PathLike)):
        path = find_model(network)
        name, weights = path.stem, read_weights(path)
    else:
        weights = take_weights(network)
        name = _find_name(weights) or network.name
    has_reader = can_read(_fingerprint(weights))
    model, data = _describe(weights, name, has_reader)
    thumbnails = pack_thumbnails(
        weights.style_names, _credits(weights), _swatches(network)
    )
    (folder / MODEL_FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FOLDER / "model.json").write_text(_compact(model), "utf-8")
    (folder / MODEL_FOLDER / "weights.bin").write_bytes(data)
    (folder / MODEL_FOLDER / "thumbnails.jpg").write_bytes(thumbnails)
    if has_reader:
        form, data = pack_reader(_fingerprint(weights))
        (folder / READER_FOLDER).mkdir(parents=True, exist_ok=True)
        (folder / READER_FOLDER / "reader.json").write_text(
            _compact(form), "utf-8"
        )
        (folder / READER_FOLDER / "reader.bin").write_bytes(data)


def _describe(
    weights: NetworkWeights, name: str, has_reader: bool
) -> tuple[dict[str, Any], bytes]:
    """Returns model.json and weights.bin."""
    described, data = pack_network(weights)
    places, share = project(unit_rows(weights.rows))
    places = places / (np.abs(places).max() or 1)
    credits = _credits(weights)
    styles = [
        {
            "name": name,
            **credits.get(name, {}),
            "x": round(float(x), _DECIMALS),
            "y": round(float(y), _DECIMALS),
            "thumbnail": number,
        }
        for number, (name, (x, y)) in enumerate(
            zip(weights.style_names, places, strict=True)
        )
    ]
    model = {
        "name": name,
        "fingerprint": _fingerprint(weights),
        "multistyle": multistyle.__version__,
        "width_multiplier": weights.config["width_multiplier"],
        "deciding_size": DECIDING_SIZE,
        "reader": has_reader,
        "thumbnails": {"size": THUMBNAIL_SIZE, "columns": COLUMNS},
        "share_shown": round(share, _DECIMALS),
        "styles": styles,
        **described,
    }
    return model, data


def _swatches(
    network: "TransformNetwork | str | os.PathLike[str]",
) -> Callable[[str], np.ndarray]:
    """Returns a function of a style's name that paints a swatch of it."""

    @functools.cache
    def load() -> "Stylizer":
        # Late: it imports Keras, which styles with a painting do not need.
        from multistyle.inference.stylizer import Stylizer

        if isinstance(network, (str, os.PathLike)):
            return Stylizer.load(network)
        return Stylizer(network)

    def paint(name: str) -> np.ndarray:
        from multistyle.inference.swatches import paint_swatch  # As above.

        return paint_swatch(load(), name, THUMBNAIL_SIZE)

    return paint


def _credits(weights: NetworkWeights) -> Credits:
    return weights.config.get("credits") or {}


def _find_name(weights: NetworkWeights) -> str | None:
    """Returns the name of the bundled model that it comes of, if of one."""
    own = _fingerprint(weights)
    names = (
        name
        for name, path in bundled_models().items()
        if _fingerprint(read_weights(path)) == own
    )
    return next(names, None)


def _fingerprint(weights: NetworkWeights) -> str:
    return fingerprint_kernels(layer.kernel for layer in weights.layers)


def _compact(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
