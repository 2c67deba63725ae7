"""A model file's contents as plain arrays, read without Keras."""

import io
import json
import os
import zipfile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

from multistyle.network.architecture import LAYER_NAMES
from multistyle.network.rows import Rows

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork

# Of one array, a hundred times the largest of width 1.0: a small file can hold
# any number of the same.
MAX_NUMBERS = 20_000_000


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
        ('contract_1', (9, 9, 3, 8), (12, 8))
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
        ValueError: if it is no such file, or one of another layout; what is
            wrong with it, `network.models.load_network` says.
    """
    import h5py  # Late, because it takes longer than all the rest.

    try:
        with zipfile.ZipFile(file) as archive:
            described = json.loads(archive.read("config.json"))
            data = io.BytesIO(archive.read("model.weights.h5"))
        if described["class_name"] != "TransformNetwork":
            raise ValueError(f"it holds a {described['class_name']}")
        config = described["config"]
        with h5py.File(data, "r") as arrays:
            layers = tuple(
                _read_layer(arrays, number, name)
                for number, name in enumerate(LAYER_NAMES)
            )
        weights = NetworkWeights(config, layers)
        # Raise KeyError where the file does not say.
        _ = weights.style_names, weights.skip_connections, weights.extend_image
        return weights
    except Exception as error:
        # A damaged file makes the readers raise nearly anything.
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


def _read_layer(file, number, name):
    suffix = f"_{number}" if number else ""
    group = f"blocks/styled_convolution{suffix}"
    return LayerWeights(
        name,
        *(
            _read_array(file, f"{group}/{key}")
            for key in (
                "convolution/vars/0",
                "normalization/vars/0",
                "normalization/vars/1",
            )
        ),
    )


def _read_array(file, key):
    """Reads an array that lies in the file itself, and is no larger."""
    found = file[key]
    is_elsewhere = found.file.filename != file.filename
    if is_elsewhere or found.is_virtual or found.external:
        raise ValueError(f"its `{key}` lies in another file")
    if found.size > MAX_NUMBERS:
        raise ValueError(
            f"its `{key}` has {found.size:,} numbers, above {MAX_NUMBERS:,}"
        )
    return np.asarray(found[()], np.float32)
