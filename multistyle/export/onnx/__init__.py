"""ONNX: the network as a graph, built with `onnx` alone."""
