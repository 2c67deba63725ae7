"""The formats of exports: what each is, what it is told, what it gives."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from multistyle.errors import InputError

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork

STORES = ("float32", "float16")

# The export in its own runtime, a function of `image`, float32 [1, H, W, 3]
# in [0, 1], and `style_weights`, float32 [1, N], that returns an array
# [1, H, W, 3] in [0, 1].
Paint = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Settings(NamedTuple):
    """What a format is told of how to write a network.

    Attributes:
        baked: whether there is one blend, and no input for weights; the
            network's one style is that blend.
        store: "float32" or "float16", how weights are kept. They compute in
            float32 all the same.
        size: None for any, or the one (height, width) of all pictures.

    Example:
        >>> from multistyle.export.formats import Settings
        >>> Settings(baked=True).store
        'float32'
    """

    baked: bool = False
    store: str = "float32"
    size: tuple[int, int] | None = None


class Written(NamedTuple):
    """What a format has written, ready to be compared with the network.

    Attributes:
        paint: the export in its own runtime; None where that cannot run here.
        inputs, outputs: what `export.json` says of each tensor: "name",
            "dtype", "shape" and "range".
        versions: of what made it and ran it, by name.
        note: None, or what is missing and why, in one sentence.
        others: None, or what `export.json` says of the files beside that
            which paints, by name.

    Example:
        >>> from multistyle.export.formats import Written
        >>> written = Written(None, [], [], {}, note="There is no Node here.")
        >>> written.paint is None
        True
    """

    paint: Paint | None
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    versions: Mapping[str, str]
    note: str | None = None
    others: Mapping[str, Any] | None = None


class Format(NamedTuple):
    """A format of exports.

    Attributes:
        noun: what a folder of it holds, with its article.
        mark: the file that a folder of it holds. A folder without one is not
            replaced, so that a mistyped path cannot remove something else.
        summary: for `--help`.
        module: whose `write(network, folder, settings)` makes the files and
            returns a `Written`; imported when it is asked for.
        packages: that it is made and run with, besides what is always there.
        extra: that installs these, or None.
        backend: of Keras, or None where any will do.
        bakes: "may", "must" or "never" take one blend.
        stores: how it can keep weights.
        sized: whether it can be of one size.

    Example:
        >>> from multistyle.export.formats import FORMATS
        >>> FORMATS["saved_model"].mark
        'saved_model.pb'
    """

    noun: str
    mark: str
    summary: str
    module: str
    packages: tuple[str, ...] = ()
    extra: str | None = None
    backend: str | None = None
    bakes: str = "may"
    stores: tuple[str, ...] = STORES
    sized: bool = False

    def write(
        self, network: "TransformNetwork", folder: Path, settings: Settings
    ) -> Written:
        """Writes a network into a folder, which is empty."""
        module = importlib.import_module(f"multistyle.export.{self.module}")
        return module.write(network, folder, settings)


FORMATS = {
    "saved_model": Format(
        noun="a SavedModel",
        mark="saved_model.pb",
        summary="a folder that TensorFlow alone loads, and TensorFlow Serving",
        module="saved_model",
        backend="tensorflow",
    ),
    "onnx": Format(
        noun="an ONNX file",
        mark="model.onnx",
        summary="a file for ONNX Runtime, OpenVINO and others",
        module="onnx.model",
        packages=("onnx", "onnxruntime"),
        extra="onnx",
    ),
    "onnx_filter": Format(
        noun="an ONNX filter",
        mark="filter.onnx",
        summary="one with one blend and one input, channels first, for "
        "programs that take a filter as it is, such as FFmpeg",
        module="onnx.filter",
        packages=("onnx", "onnxruntime"),
        extra="onnx",
        bakes="must",
    ),
    "litert": Format(
        noun="a LiteRT file",
        mark="model.tflite",
        summary="a file for telephones",
        module="litert",
        packages=("ai_edge_litert",),
        extra="litert",
        backend="tensorflow",
        sized=True,
    ),
    "web": Format(
        noun="a page",
        mark="model/model.json",
        summary="a folder that any static server serves; it paints in the "
        "browser",
        module="web",
        bakes="never",
        stores=("float16",),
    ),
}


def find_format(
    name: str,
    *,
    baked: bool = False,
    store: str | None = None,
    sized: bool = False,
) -> Format:
    """Returns a format that can do what is asked of it, here.

    Args:
        name: one of `FORMATS`.
        baked: whether one blend is asked for.
        store: None, or one of `STORES`.
        sized: whether one size is asked for.

    Raises:
        InputError: for a format that there is not, for what it cannot do, and
            where its packages are not installed.
    """
    if name not in FORMATS:
        raise InputError(
            f"`{name}` is no format of an export: use one of "
            f"{', '.join(FORMATS)}."
        )
    found = FORMATS[name]
    if found.bakes == "must" and not baked:
        raise InputError(
            f"`{name}` holds one blend: name it by --bake, as `--bake=NAME` "
            'or `--bake="A=0.7,B=0.3"`.'
        )
    if found.bakes == "never" and baked:
        raise InputError(
            f"`{name}` holds all styles: leave --bake away, or choose some by "
            "--styles."
        )
    if store is not None and store not in found.stores:
        raise InputError(
            f"`{name}` keeps weights as {' or '.join(found.stores)}; got "
            f"`{store}`."
        )
    if sized and not found.sized:
        names = [name for name in FORMATS if FORMATS[name].sized]
        raise InputError(
            f"`{name}` is for pictures of any size: leave --size away; it "
            f"goes with {', '.join(names) or 'no format'}."
        )
    missing = [
        package
        for package in found.packages
        if importlib.util.find_spec(package) is None
    ]
    if missing:
        raise InputError(
            f"`--format={name}` needs `{'`, `'.join(missing)}`: "
            f'`pip install "multistyle[{found.extra}]"`.'
        )
    return found


def describe_picture(
    name: str, *, batch: int | str = "batch"
) -> dict[str, Any]:
    """Returns what `export.json` says of pictures, channels last."""
    return {
        "name": name,
        "dtype": "float32",
        "shape": [batch, "height", "width", 3],
        "range": [0, 1],
    }


def describe_weights(
    num_styles: int, *, batch: int | str = "batch"
) -> dict[str, Any]:
    """Returns what `export.json` says of style weights."""
    return {
        "name": "style_weights",
        "dtype": "float32",
        "shape": [batch, num_styles],
        "range": "sums to 1",
    }


def describe_tiles(
    num_channels: int,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns what `export.json` says of what tiles take and give, besides.

    Args:
        num_channels: of all layers, R.

    Returns:
        The pair of the inputs and the outputs.
    """
    shape = [2, num_channels]
    inputs = [
        {
            "name": "given_moments",
            "dtype": "float32",
            "shape": ["parts", *shape],
            "range": "means, then variances, of all channels of all layers, "
            "of each part of a picture; those measured are used where a "
            "variance is below 0",
        },
        {
            "name": "margins",
            "dtype": "int64",
            "shape": [4],
            "range": "rows above and below, columns left and right of the "
            "continued picture that are not measured, multiples of 4",
        },
    ]
    outputs = [
        {
            "name": "moments",
            "dtype": "float32",
            "shape": shape,
            "range": "means, then variances, that were measured",
        }
    ]
    return inputs, outputs
