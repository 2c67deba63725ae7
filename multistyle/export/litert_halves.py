"""Weights of a LiteRT file in half precision; all is computed in float32.

TensorFlow's converter halves every constant, the threshold of flat channels
among them, which then is 0. Here the large ones are halved alone, in the form
that it writes and runtimes know: a float16 tensor, and DEQUANTIZE before use.
"""

from pathlib import Path

import numpy as np
from ai_edge_litert import schema_py_generated as schema

# Numbers from which a constant is one of weights.
_LEAST = 64
_MARK = b"TFL3"


def halve_weights(path: Path) -> None:
    """Rewrites a file with its weights as float16, rounded to the nearest.

    Args:
        path: of a `.tflite` file; it is replaced.
    """
    model = schema.ModelT.InitFromPackedBuf(path.read_bytes(), 0)
    (graph,) = model.subgraphs
    conversions = []
    for place, tensor in enumerate(list(graph.tensors)):
        data = model.buffers[tensor.buffer].data
        is_weight = (
            tensor.type == schema.TensorType.FLOAT32
            and data is not None
            and len(data) >= 4 * _LEAST
        )
        if not is_weight:
            continue
        values = np.frombuffer(bytes(data), np.float32)
        half = schema.TensorT()
        half.name = tensor.name + b"_float16"
        half.shape = tensor.shape
        half.type = schema.TensorType.FLOAT16
        half.buffer = len(model.buffers)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(
            values.astype(np.float16).tobytes(), np.uint8
        )
        model.buffers.append(buffer)
        tensor.buffer = 0  # That of what is computed.
        conversion = schema.OperatorT()
        conversion.opcodeIndex = len(model.operatorCodes)
        conversion.inputs = [len(graph.tensors)]
        conversion.outputs = [place]
        conversions.append(conversion)
        graph.tensors.append(half)
    code = schema.OperatorCodeT()
    code.builtinCode = schema.BuiltinOperator.DEQUANTIZE
    code.deprecatedBuiltinCode = code.builtinCode
    # That of a float16 input.
    code.version = 3
    model.operatorCodes.append(code)
    graph.operators = [*conversions, *graph.operators]
    _drop_unused(model)
    builder = schema.flatbuffers.Builder()
    builder.Finish(model.Pack(builder), _MARK)
    path.write_bytes(builder.Output())


def _drop_unused(model: schema.ModelT) -> None:
    """Empties the buffers that no tensor and no metadata have."""
    used = {t.buffer for graph in model.subgraphs for t in graph.tensors}
    used |= {entry.buffer for entry in model.metadata or ()}
    for place, buffer in enumerate(model.buffers):
        if place not in used:
            buffer.data = None
