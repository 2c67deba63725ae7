"""A network as the page's kernels read it: described, and its numbers."""

from typing import Any

import numpy as np

from multistyle.network.architecture import EPSILON, EXTENSION, FLAT
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import NetworkWeights

# What the layers do besides convolving; see `network.transform`.
_STRIDES = {"contract_2": 2, "contract_3": 2}
_DOUBLED = ("expand_1", "expand_2")


def pack_network(weights: NetworkWeights) -> tuple[dict[str, Any], bytes]:
    """Packs a network for multistyle/page/files/engine/network/network.mjs.

    Args:
        weights: what `read_weights` read.

    Returns:
        A dict for model.json and the bytes of weights.bin. These are float16,
        little-endian: the kernels, each [k, k, C, F], and `rows` [N, 2 R], of
        each style the gammas of all layers, then the betas. The dict says
        where each begins, in bytes, and of each layer

            name, kernel (its shape), offset, stride, doubled, activation;
            addend: the number of the layer whose result is added, or None.

    Example:
        >>> from multistyle.export.web_weights import pack_network
        >>> from multistyle.network.models import find_model
        >>> from multistyle.network.stored_weights import read_weights
        >>> weights = read_weights(find_model("paintings-fast"))
        >>> described, data = pack_network(weights)
        >>> described["layers"][0]["kernel"]
        [9, 9, 3, 8]
    """
    layers, arrays, offset = [], [], 0
    for number, layer in enumerate(weights.layers):
        layers.append(
            {
                "name": layer.name,
                "kernel": list(layer.kernel.shape),
                "offset": offset,
                "stride": _STRIDES.get(layer.name, 1),
                "doubled": layer.name in _DOUBLED,
                "activation": _activation(layer.name),
                "addend": _addend(number, weights.skip_connections),
            }
        )
        arrays.append(layer.kernel)
        offset += 2 * layer.kernel.size
    arrays.append(np.concatenate(join_layers(weights.rows), axis=1))
    described = {
        "layers": layers,
        "num_channels": [layer.kernel.shape[3] for layer in weights.layers],
        "extension": EXTENSION if weights.extend_image else 0,
        "epsilon": EPSILON,
        "flat": FLAT,
        "rows": offset,
    }
    data = b"".join(array.astype("<f2").tobytes() for array in arrays)
    return described, data


def _activation(name):
    if name == "expand_3":
        return "sigmoid"
    return None if name.startswith("residual") and name[-1] == "2" else "relu"


def _addend(number, has_skip_connections):
    """Returns the number of the layer that is added, or None."""
    skips = {13: 1, 14: 0} if has_skip_connections else {}
    # The second layer of a residual block adds what the first was given.
    residual = {i: i - 2 for i in range(4, 13, 2)}
    return {**skips, **residual}.get(number)
