"""Graphs that were made before, kept in the user's cache folder."""

import contextlib
import hashlib
import io
import json
import os
import zipfile
from typing import NamedTuple

import numpy as np
import openvino as ov

import multistyle
from multistyle.errors import InputError
from multistyle.files.cache import cache_folder
from multistyle.files.whole_files import whole_file
from multistyle.inference.engines.openvino import graph as graphs
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import read_weights
from multistyle.network.styles import fingerprint_kernels

_PROPERTIES = {
    "PERFORMANCE_HINT": "LATENCY",
    # Else two processes would share the same cores.
    "ENABLE_CPU_PINNING": False,
    # How many kernels are kept, which are compiled for the sizes of pictures.
    # OpenVINO keeps 5,000, so that each new size took 0.7 MB for good; with
    # 100, six sizes in turn are painted as fast as with all.
    "CPU_RUNTIME_CACHE_CAPACITY": 100,
}
_PRECISION_HINTS = {
    "float32": {"INFERENCE_PRECISION_HINT": "f32"},
    "bfloat16": {"INFERENCE_PRECISION_HINT": "bf16"},
}
# By which users and schedulers say it.
THREADS = "OMP_NUM_THREADS"
# Of two kinds and two precisions each; the oldest goes first.
MAX_GRAPHS = 8


class GraphFacts(NamedTuple):
    """What an engine knows of its network, besides the graph.

    Attributes:
        style_names: the N names.
        fingerprint: see `network.styles.fingerprint`.
        filters: channels of each of the sixteen layers; R is their sum.
        num_channels: channels of each in the graph.
        tables: the gammas and the betas of all layers, each float32 [N, R].

    Example:
        >>> import openvino as ov
        >>> from multistyle.inference.engines.openvino.cache import load_graph
        >>> from multistyle.network.models import find_model
        >>> file = find_model("paintings-fast").read_bytes()
        >>> facts, _ = load_graph(ov.Core(), file, False, "float32")
        >>> facts.filters[0], facts.num_channels[0]
        (8, 32)
    """

    style_names: list[str]
    fingerprint: str
    filters: list[int]
    num_channels: list[int]
    tables: tuple[np.ndarray, np.ndarray]


def load_graph(
    core: ov.Core, data: bytes, has_map: bool, precision: str
) -> tuple[GraphFacts, ov.CompiledModel]:
    """Loads a model's graph from the cache, or makes it and keeps it.

    Its name there is a hash of all that it was made of, the model's file
    included. A kept file that is damaged is made anew, and a folder that
    cannot be written is no error.

    Args:
        core: `openvino.Core`.
        data: a `.keras` file.
        has_map: whether style weights vary over the picture.
        precision: "float32" or "bfloat16".

    Raises:
        NotImplementedError: if the file cannot be read without Keras, or if
            its network extends no picture.
    """
    made_by = [
        multistyle.__version__,
        graphs.VERSION,
        ov.get_version(),
        # A graph is compiled for one processor.
        core.get_property("CPU", "FULL_DEVICE_NAME"),
        sorted(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
    ]
    digest = hashlib.sha256(json.dumps([has_map, precision, made_by]).encode())
    digest.update(data)
    kept = cache_folder() / f"{digest.hexdigest()}.npz"
    properties = _properties(precision)
    loaded = _read(core, kept, properties)
    if loaded is not None:
        return loaded
    weights = _read_weights(data)
    graph = graphs.build_graph(weights, has_map, precision)
    compiled = core.compile_model(graph, "CPU", properties)
    facts = _describe(weights)
    _keep(kept, facts, compiled)
    return facts, compiled


def compile_properties(
    core: ov.Core, precision: str | None = None
) -> dict[str, object]:
    """Returns how a graph is compiled.

    Args:
        core: `openvino.Core`.
        precision: "float32" or "bfloat16"; None is whichever is faster.
    """
    if precision is None:
        capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = "bfloat16" if "BF16" in capabilities else "float32"
    return _properties(precision)


def _properties(precision):
    properties = {**_PROPERTIES, **_PRECISION_HINTS[precision]}
    # OpenVINO itself does not read how many threads a process shall have.
    threads = os.environ.get(THREADS, "")
    if threads.isdecimal() and int(threads) > 0:
        properties["INFERENCE_NUM_THREADS"] = int(threads)
    return properties


def _read(core, kept, properties):
    """Reads a kept graph; None where there is none that is whole."""
    try:
        with np.load(kept) as arrays:
            facts = GraphFacts(
                *json.loads(arrays["facts"].tobytes()),
                (arrays["gamma"], arrays["beta"]),
            )
            blob = arrays["graph"].tobytes()
        compiled = core.import_model(blob, "CPU", properties)
    except (
        EOFError,
        KeyError,
        OSError,
        RuntimeError,  # OpenVINO's.
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ):
        return None
    with contextlib.suppress(OSError):
        os.utime(kept)  # So that what is in use stays.
    return facts, compiled


def _read_weights(data):
    try:
        weights = read_weights(io.BytesIO(data))
    except ValueError as error:
        raise NotImplementedError from error  # Keras' loader says why.
    if not weights.extend_image:
        raise NotImplementedError
    return weights


def _describe(weights):
    """Returns the `GraphFacts` of `NetworkWeights`."""
    layers = weights.layers
    return GraphFacts(
        weights.style_names,
        fingerprint_kernels(layer.kernel for layer in layers),
        [layer.kernel.shape[3] for layer in layers],
        [graphs.num_channels(layer) for layer in layers],
        join_layers(
            {layer.name: (layer.gamma, layer.beta) for layer in layers}
        ),
    )


def _keep(kept, facts, compiled):
    *described, (gamma, beta) = facts
    graph = io.BytesIO()
    compiled.export_model(graph)
    # On a full or read-only disk it is made again next time.
    with contextlib.suppress(InputError, OSError):
        with whole_file(kept) as file:
            np.savez(
                file,
                facts=np.frombuffer(json.dumps(described).encode(), np.uint8),
                gamma=gamma,
                beta=beta,
                graph=np.frombuffer(graph.getbuffer(), np.uint8),
            )
        _prune(kept.parent)


def _prune(folder):
    graphs_kept = sorted(
        folder.glob("*.npz"), key=lambda path: path.stat().st_mtime
    )
    for path in graphs_kept[:-MAX_GRAPHS]:
        path.unlink(missing_ok=True)
