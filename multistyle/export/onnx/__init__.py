"""ONNX: the network as a graph, built with `onnx` alone."""

import os

# ONNX Runtime 1.32 notes each process and session, and sends the notes to
# Microsoft. This is read once, when it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
