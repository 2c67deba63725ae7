"""A model file's contents as plain arrays, read without Keras."""

import io
import json
import zipfile
from typing import NamedTuple

import numpy as np

from multistyle.network.architecture import LAYER_NAMES


class LayerWeights(NamedTuple):
    """The arrays of one layer, float32.

    Attributes:
        name: str, one of `LAYER_NAMES`.
        kernel: [k, k, C, F].
        gamma, beta: [N, F], a row a style.
    """

    name: str
    kernel: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray


class NetworkWeights(NamedTuple):
    """What a model file says of a network.

    Attributes:
        style_names: tuple of the N names.
        skip_connections, extend_image: bool, as of `TransformNetwork`.
        layers: tuple of sixteen `LayerWeights`, in the order of the pass.
    """

    style_names: tuple
    skip_connections: bool
    extend_image: bool
    layers: tuple


def read_weights(path):
    """Reads the arrays of a `.keras` file.

    A fiftieth of the time that Keras takes, most of it for its import.

    Args:
        path: of a file that `network.models.save_network` wrote.

    Returns:
        `NetworkWeights`.

    Raises:
        ValueError: if it is no such file, or one of another layout; what is
            wrong with it, `network.models.load_network` says.
    """
    import h5py  # Late, because it takes longer than all the rest.

    try:
        with zipfile.ZipFile(path) as archive:
            described = json.loads(archive.read("config.json"))
            data = io.BytesIO(archive.read("model.weights.h5"))
        if described["class_name"] != "TransformNetwork":
            raise ValueError(f"it holds a {described['class_name']}")
        config = described["config"]
        with h5py.File(data, "r") as file:
            layers = tuple(
                _read_layer(file, number, name)
                for number, name in enumerate(LAYER_NAMES)
            )
        return NetworkWeights(
            tuple(config["style_names"]),
            config["skip_connections"],
            config["extend_image"],
            layers,
        )
    except (KeyError, OSError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"`{path}` has another layout: {error}") from error


def _read_layer(file, number, name):
    suffix = f"_{number}" if number else ""
    group = file[f"blocks/styled_convolution{suffix}"]
    return LayerWeights(
        name,
        *(
            np.asarray(group[key][()], np.float32)
            for key in (
                "convolution/vars/0",
                "normalization/vars/0",
                "normalization/vars/1",
            )
        ),
    )
