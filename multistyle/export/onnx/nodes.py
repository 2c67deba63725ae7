"""Nodes of an ONNX graph, written as calls."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# The first that holds the opset; older runtimes read it.
IR_VERSION = 8


class Nodes:
    """Collects nodes and constants; every value is the name of a tensor.

    Args:
        store: "float32" or "float16", how large constants are kept; what
            computes is float32.

    Example:
        >>> from multistyle.export.onnx.nodes import Nodes
        >>> nodes = Nodes()
        >>> nodes.op("Relu", "image")
        'relu_1'
    """

    def __init__(self, store: str = "float32") -> None:
        self._store = store
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[Any, onnx.TensorProto] = {}

    def op(
        self,
        kind: str,
        *inputs: str,
        output: str = "",
        attributes: Mapping[str, Any] | None = None,
    ) -> str:
        """Appends a node of one output, and returns its name."""
        output = output or f"{kind.lower()}_{len(self._nodes) + 1}"
        self._nodes.append(
            helper.make_node(kind, list(inputs), [output], **(attributes or {}))
        )
        return output

    def number(self, value: Any, dtype: Any = np.float32) -> str:
        """Returns a small constant of any shape; equal ones are one."""
        array = np.asarray(value, dtype)
        key = array.dtype.str, array.shape, array.tobytes()
        if key not in self._constants:
            name = f"constant_{len(self._constants) + 1}"
            self._constants[key] = numpy_helper.from_array(array, name)
        return self._constants[key].name

    def table(self, array: np.ndarray) -> str:
        """Returns a constant of weights, kept as `store` says."""
        if self._store == "float32":
            return self.number(array)
        half = self.number(array, np.float16)
        return self.op("Cast", half, attributes={"to": TensorProto.FLOAT})

    def model(
        self,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        properties: dict[str, str],
        defaults: dict[str, np.ndarray] | None = None,
    ) -> onnx.ModelProto:
        """Returns the model of all nodes, checked.

        Args:
            inputs, outputs: of the graph.
            properties: texts that the file holds beside it.
            defaults: what inputs are that are not given.
        """
        initial = [
            numpy_helper.from_array(array, name)
            for name, array in (defaults or {}).items()
        ]
        graph = helper.make_graph(
            self._nodes,
            "multistyle",
            inputs,
            outputs,
            [*self._constants.values(), *initial],
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="multistyle",
        )
        model.ir_version = IR_VERSION
        helper.set_model_props(model, properties)
        onnx.checker.check_model(model, full_check=True)
        return model


def tensor_info(
    name: str, dims: Sequence[int | str], dtype: Any = np.float32
) -> onnx.ValueInfoProto:
    """Describes an input or output of a graph; text is a size left free."""
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    return helper.make_tensor_value_info(name, kind, dims)


def describe_graph(model: onnx.ModelProto) -> dict[str, Any]:
    """Returns what `export.json` says of a graph: its inputs and outputs.

    Returns:
        Dict with "inputs" and "outputs", each a list of dicts with "name",
        "dtype", "shape", and "default" where one need not be given.
    """
    defaults = {
        tensor.name: numpy_helper.to_array(tensor).tolist()
        for tensor in model.graph.initializer
    }

    def describe(value):
        kind = value.type.tensor_type
        told = {
            "name": value.name,
            "dtype": helper.tensor_dtype_to_np_dtype(kind.elem_type).name,
            "shape": [d.dim_param or d.dim_value for d in kind.shape.dim],
        }
        if value.name in defaults:
            told["default"] = defaults[value.name]
        return told

    return {
        "inputs": [describe(value) for value in model.graph.input],
        "outputs": [describe(value) for value in model.graph.output],
    }
