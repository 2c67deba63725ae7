import copy

import numpy as np
import pytest

pytest.importorskip("openvino")

from multistyle.inference.engines.keras_layers import KerasLayers
from multistyle.inference.engines.openvino.engine import OpenVINOEngine


@pytest.fixture(scope="module")
def engine(small_model_path):
    return OpenVINOEngine(small_model_path)


@pytest.mark.parametrize("has_map", [False, True])
def test_each_layer_does_as_the_network_s_own(engine, small_network, has_map):
    random = np.random.default_rng(0)
    weights = random.dirichlet(np.ones(3), (2, 7, 9) if has_map else (2, 1, 1))
    weights = weights.astype(np.float32)
    layers, expected = engine.layers(), KerasLayers(small_network)
    assert layers.extend_image and expected.extend_image
    assert len(layers.blocks) == len(expected.blocks) == 16
    channels = 3
    for layer, other in zip(layers.blocks, expected.blocks, strict=True):
        for fact in (
            "name",
            "filters",
            "kernel_size",
            "strides",
            "upsample",
            "addend",
        ):
            assert getattr(layer, fact) == getattr(other, fact)
        x = random.normal(0, 1, (2, 14, 18, channels)).astype(np.float32)
        y = layer.convolve(x)
        np.testing.assert_allclose(y, other.convolve(x), atol=2e-5)
        addend = None
        if layer.addend is not None:
            addend = random.normal(0, 1, y.shape).astype(np.float32)
        moments = (
            y.mean((0, 1, 2), keepdims=True),
            y.var((0, 1, 2), keepdims=True),
        )
        # A channel without contrast shows its shift alone.
        moments[1][..., 0] = 0
        np.testing.assert_allclose(
            layer.finish(y, weights, addend, moments),
            other.finish(y, weights, addend, moments),
            atol=2e-5,
        )
        channels = layer.filters


def test_styles_that_were_added_have_their_rows(engine):
    doubled = {
        name: (2 * gamma[:1], beta[:1])
        for name, (gamma, beta) in engine.rows.items()
    }
    grown = engine.with_styles(["new"], doubled)
    first, new = engine.layers().blocks[0], grown.layers().blocks[0]
    x = np.random.default_rng(0).normal(0, 1, (1, 8, 8, 8)).astype(np.float32)
    moments = np.zeros((1, 1, 1, 8), np.float32), np.ones((1, 1, 1, 8), "f4")
    own, added = np.eye(3)[0], np.eye(4)[3]
    beta = engine.rows["contract_1"][1][0]
    np.testing.assert_allclose(
        new.finish(x, added[None, None, None], -beta, moments),
        2 * first.finish(x, own[None, None, None], -beta, moments),
        atol=1e-5,
    )


def test_a_copy_shares_what_was_compiled(engine):
    assert copy.copy(engine).layers() is engine.layers()
