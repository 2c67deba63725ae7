"""A model file's contents as plain arrays, read without Keras.

The file may come from anyone: its size unpacked, its config and the shapes of
its arrays are checked before much is read.
"""

import io
import json
import math
import os
import zipfile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

from multistyle.blends.names import check_style_names
from multistyle.network.architecture import LAYER_NAMES, kernel_shapes
from multistyle.network.rows import Rows
from multistyle.network.styles import check_credits, check_finisher

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork

# Of all arrays of a file, and in bytes of all its parts unpacked; a network of
# width 1.0 has 2 million, and 50,000 styles of width 0.25 come to as many.
MAX_NUMBERS = 50_000_000
MAX_BYTES = 4 * MAX_NUMBERS
_CONFIG, _ARRAYS = "config.json", "model.weights.h5"
_PARTS = {"metadata.json", _CONFIG, _ARRAYS}
# What the arguments of a network are in a file.
_KINDS: dict[str, Any] = {
    "name": str,
    "trainable": bool,
    "dtype": (str, dict),
    "style_names": list,
    "width_multiplier": (int, float),
    "skip_connections": bool,
    "credits": (dict, type(None)),
    "extend_image": bool,
    "finisher": (str, type(None)),
}


class LayerWeights(NamedTuple):
    """The arrays of one layer, float32.

    Attributes:
        name: one of `LAYER_NAMES`.
        kernel: [k, k, C, F].
        gamma, beta: [N, F], a row a style.

    Example:
        >>> from multistyle.network.models import find_model
        >>> from multistyle.network.stored_weights import read_weights
        >>> weights = read_weights(find_model("paintings-fast"))
        >>> first = weights.layers[0]
        >>> first.name, first.kernel.shape, first.beta.shape
        ('contract_1', (9, 9, 3, 8), (52, 8))
    """

    name: str
    kernel: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray


class NetworkWeights(NamedTuple):
    """What a model file says of a network.

    Attributes:
        config: the arguments of its `TransformNetwork`.
        layers: of all sixteen layers, in the order of the pass.

    Example:
        >>> from multistyle.network.models import find_model
        >>> from multistyle.network.stored_weights import read_weights
        >>> weights = read_weights(find_model("paintings-fast"))
        >>> weights.config["width_multiplier"], len(weights.layers)
        (0.25, 16)
    """

    config: dict[str, Any]
    layers: tuple[LayerWeights, ...]

    @property
    def style_names(self) -> list[str]:
        """The N names."""
        return list(self.config["style_names"])

    @property
    def rows(self) -> Rows:
        """Of all N styles."""
        return {layer.name: (layer.gamma, layer.beta) for layer in self.layers}

    @property
    def skip_connections(self) -> bool:
        """See `TransformNetwork`."""
        return self.config["skip_connections"]

    @property
    def extend_image(self) -> bool:
        """See `TransformNetwork`."""
        return self.config["extend_image"]


def read_weights(
    file: str | os.PathLike[str] | IO[bytes],
) -> NetworkWeights:
    """Reads the arrays of a `.keras` file.

    A fiftieth of the time that Keras takes, most of it for its import.

    Args:
        file: what `network.models.save_network` wrote, a path or an open
            file.

    Raises:
        ValueError: if it is no such file, one of another layout, or one that
            is larger than it looks; if a name, a credit or an option is not
            as a network's are; if an array has another shape, lies elsewhere
            or holds a number that is not finite.
    """
    import h5py  # Late, because it takes longer than all the rest.

    try:
        with _open(file) as archive:
            config = _read_config(archive)
            data = io.BytesIO(archive.read(_ARRAYS))
        shapes = kernel_shapes(config["width_multiplier"])
        num_styles = len(config["style_names"])
        with h5py.File(data, "r") as arrays:
            layers = tuple(
                _read_layer(arrays, number, name, shape, num_styles)
                for number, (name, shape) in enumerate(
                    zip(LAYER_NAMES, shapes, strict=True)
                )
            )
        return NetworkWeights(config, layers)
    except Exception as error:
        # A damaged file makes the readers raise nearly anything.
        reason = str(error).strip("\"'").rstrip(".") or type(error).__name__
        raise ValueError(f"`{file}` has another layout: {reason}") from error


def read_config(file: str | os.PathLike[str] | IO[bytes]) -> dict[str, Any]:
    """Reads the arguments of a `.keras` file's network, and no array.

    Raises:
        ValueError: see `read_weights`.
    """
    try:
        with _open(file) as archive:
            return _read_config(archive)
    except Exception as error:
        raise ValueError(f"`{file}` has another layout: {error}") from error


def take_weights(network: "TransformNetwork") -> NetworkWeights:
    """Takes the arrays of a network, as `read_weights` would of its file.

    Args:
        network: a `TransformNetwork`, of which they are copies.
    """
    layers = []
    for block in network.blocks:
        (kernel,) = block.convolution.get_weights()
        gamma, beta = block.normalization.get_weights()
        arrays = (np.asarray(a, np.float32) for a in (kernel, gamma, beta))
        layers.append(LayerWeights(block.name, *arrays))
    return NetworkWeights(network.get_config(), tuple(layers))


def _open(file: str | os.PathLike[str] | IO[bytes]) -> zipfile.ZipFile:
    if isinstance(file, (str, os.PathLike)) and not os.path.isfile(file):
        raise ValueError("there is no such file")  # Of a pipe, no end either.
    return zipfile.ZipFile(file)


def _read_config(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Reads and checks what an archive says that it holds."""
    size = 0
    for part in archive.infolist():
        if part.filename not in _PARTS:
            raise ValueError(f"it holds `{part.filename[:80]}` besides")
        size += part.file_size
    if size > MAX_BYTES:
        raise ValueError(f"unpacked it has {size / 1e6:,.0f} MB")
    described = json.loads(archive.read(_CONFIG))
    kind = [described.get(key) for key in ("class_name", "registered_name")]
    if kind != ["TransformNetwork", "multistyle>TransformNetwork"]:
        raise ValueError(f"it holds a `{str(kind[0])[:80]}`")
    return _checked(dict(described["config"]))


def _checked(config: dict[str, Any]) -> dict[str, Any]:
    """Returns the config, in which all values are as a network's are."""
    # Files of before these were options mean what is now the default.
    config = {"skip_connections": True, "extend_image": True, **config}
    for key, value in config.items():
        if key not in _KINDS:
            raise ValueError(f"its `{key[:80]}` is none of a network's options")
        if not isinstance(value, _KINDS[key]):
            raise ValueError(f"its `{key}` is no plain value")
    names, credits = config["style_names"], config.get("credits") or {}
    if not all(isinstance(name, str) for name in names):
        raise ValueError("its `style_names` are no text")
    config["style_names"] = names = check_style_names(names)
    if not all(isinstance(fields, dict) for fields in credits.values()):
        raise ValueError("its `credits` are none by style name")
    config["credits"] = check_credits(credits, names)
    check_finisher(config.get("finisher"))
    if _policy(config.get("dtype", "float32")) != "float32":
        raise ValueError("its `dtype` is not float32")
    width = config["width_multiplier"]
    # Written so that NaN fails, too.
    if not 0 < width <= 100:
        raise ValueError("its `width_multiplier` is not above 0, at most 100")
    count = sum(
        math.prod(shape) + 2 * len(names) * shape[-1]
        for shape in kernel_shapes(width)
    )
    if count > MAX_NUMBERS:
        raise ValueError(
            f"{len(names):,} styles of width {width:g} are {count:,} numbers, "
            f"above {MAX_NUMBERS:,}"
        )
    return config


def _policy(dtype: Any) -> Any:
    """Returns the name of a Keras dtype policy, however it is written."""
    if not isinstance(dtype, dict):
        return dtype
    kind = (dtype.get("module"), dtype.get("class_name"))
    inner = dtype.get("config")
    if kind != ("keras", "DTypePolicy") or not isinstance(inner, dict):
        return None
    return inner.get("name") if len(inner) == 1 else None


def _read_layer(file, number, name, shape, num_styles):
    suffix = f"_{number}" if number else ""
    group = f"blocks/styled_convolution{suffix}"
    table = (num_styles, shape[-1])
    keys = {
        "convolution/vars/0": shape,
        "normalization/vars/0": table,
        "normalization/vars/1": table,
    }
    return LayerWeights(
        name,
        *(
            _read_array(file, f"{group}/{key}", name, expected)
            for key, expected in keys.items()
        ),
    )


def _read_array(file, key, layer, shape):
    """Reads an array that lies in the file itself, and is as it should be."""
    found = file[key]
    is_elsewhere = found.file.filename != file.filename
    if is_elsewhere or found.is_virtual or found.external:
        raise ValueError(f"its `{key}` lies in another file")
    if found.shape != shape or found.dtype.kind != "f":
        raise ValueError(
            f"its `{layer}` has another shape: `{key}` is {found.dtype} "
            f"{list(found.shape)}, where {list(shape)} belongs"
        )
    array = np.asarray(found[()], np.float32)
    if not np.isfinite(array).all():
        raise ValueError(f"its `{layer}` holds numbers that are not finite")
    return array
