"""The fast engine: the network as a graph of OpenVINO, which calls nobody."""

import sys

# Its import would send an analytics service a note that it was imported. It
# does not where the package for that is missing, as it seems to be here.
if "openvino" not in sys.modules:
    _modules: dict = sys.modules
    _hides_telemetry = "openvino_telemetry" not in _modules
    if _hides_telemetry:
        _modules["openvino_telemetry"] = None
    try:
        import openvino  # noqa: F401
    finally:
        if _hides_telemetry:
            del _modules["openvino_telemetry"]
