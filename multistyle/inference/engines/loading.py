"""Engines: what runs a model's network, one call for all of them.

An engine has `style_names`, a list; `network`, the `TransformNetwork`, which
may first have to be loaded; `runs_in_threads`, a bool, whether several threads
may call it at a time; `pixel_bytes(has_map)`, about how many bytes of memory a
pixel takes while it is painted, in one blend or with weights that vary over the
picture; and `paint`:

    paint(image, style_weights, moments=None, return_moments=False)

Args:
    image: float32 array [H, W, 3] in [0, 1], RGB, H and W from 8.
    style_weights: float32 array [N], or [H, W, N] of the size of `image`;
        they are used as they are.
    moments: None, to measure the picture's own, or a dict layer name ->
        (mean, variance), each float32 [1, 1, 1, C], to use in their place.
    return_moments: bool, whether to return the moments that were used, too.

Returns:
    float32 array [H, W, 3] in [0, 1], or the pair of it and such a dict.

Neither a new size nor new weights cost more than the painting.
"""

import importlib.util

from multistyle.errors import InputError

PRECISIONS = ("float32", "bfloat16")
# What the extra `fast` brings.
_PACKAGES = ("openvino", "platformdirs")


def load_engine(path, precision="float32"):
    """Loads the fastest engine that there is for a model.

    Args:
        path: of a `.keras` file.
        precision: "float32", or "bfloat16" for convolutions in it.

    Returns:
        An engine.

    Raises:
        InputError: if the file holds no network, or if this machine has no
            engine of that precision.
    """
    engine = load_graph(path, precision)
    if engine is not None:
        return engine
    if precision != "float32":
        raise InputError(
            f"`{precision}` needs the fast engine, which `{path}` has none of "
            'here: install it by `pip install "multistyle[fast]"`, or use '
            "`float32`."
        )
    return load_keras(path)


def load_graph(path, precision="float32"):
    """Loads the engine that needs no Keras.

    Args:
        path, precision: as of `load_engine`.

    Returns:
        A `GraphEngine`, or None where the extra `fast` is not installed or
        the network is none that it can run.

    Raises:
        InputError: for a precision that this processor does not have.
    """
    if precision not in PRECISIONS:
        raise InputError(
            f"`{precision}` is no precision: use one of "
            f"{', '.join(PRECISIONS)}."
        )
    if not has_packages():
        return None

    # Late: they are an extra.
    from multistyle.inference.engines.openvino.engine import GraphEngine

    try:
        return GraphEngine(path, precision)
    except NotImplementedError:
        return None


def has_packages():
    """Says whether the extra `fast` is installed."""
    return all(map(importlib.util.find_spec, _PACKAGES))


def load_keras(path):
    """Loads the engine that runs every network, on Keras' backend."""
    # Late: they take seconds.
    from multistyle.inference.engines.keras_engine import KerasEngine
    from multistyle.network.models import load_network

    return KerasEngine(load_network(path))
