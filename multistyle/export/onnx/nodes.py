"""Nodes of an ONNX graph, written as calls."""

from collections.abc import Mapping
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


def picture_info(name: str, dims: list[Any]) -> onnx.ValueInfoProto:
    """Describes a float32 tensor of the graph; text is a size left free."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
