import numpy as np
import onnxruntime

from multistyle.export.onnx.nodes import Nodes, tensor_info


def test_equal_numbers_are_one_constant():
    nodes = Nodes()
    first = nodes.number([1, 2])
    assert nodes.number([1.0, 2.0]) == first
    assert nodes.number([1, 2], np.int64) != first
    assert nodes.number([[1, 2]]) != first


def test_a_graph_of_calls_runs():
    nodes = Nodes("float16")
    scaled = nodes.op("Mul", "x", nodes.table(np.float32([0.5, 2])))
    nodes.op("Add", scaled, "shift", output="y")
    model = nodes.model(
        [tensor_info("x", ["n", 2]), tensor_info("shift", [2])],
        [tensor_info("y", ["n", 2])],
        {"says": "half"},
        {"shift": np.float32([1, 1])},
    )
    session = onnxruntime.InferenceSession(model.SerializeToString())
    x = np.float32([[2, 3], [4, 5]])
    (y,) = session.run(None, {"x": x})
    np.testing.assert_array_equal(y, [[2, 7], [3, 11]])
    (y,) = session.run(None, {"x": x, "shift": np.float32([0, 10])})
    np.testing.assert_array_equal(y, [[1, 16], [2, 20]])
    assert session.get_modelmeta().custom_metadata_map == {"says": "half"}
