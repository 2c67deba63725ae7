import pytest


@pytest.fixture(params=["keras", "openvino"])
def small_layers(request, small_network, small_model_path):
    """The layers of `small_network`, by each engine."""
    if request.param == "keras":
        from multistyle.inference.engines.keras_layers import KerasLayers

        return KerasLayers(small_network)
    pytest.importorskip("openvino")
    from multistyle.inference.engines.openvino.engine import OpenVINOEngine

    return OpenVINOEngine(small_model_path).layers()
