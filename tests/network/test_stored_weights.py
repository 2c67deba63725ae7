import zipfile

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network.architecture import LAYER_NAMES, kernel_shapes
from multistyle.network.models import load_network, save_network
from multistyle.network.stored_weights import read_weights, take_weights
from multistyle.network.transform import TransformNetwork


def test_the_layers_are_the_network_s(small_network):
    assert [block.name for block in small_network.blocks] == list(LAYER_NAMES)


@pytest.mark.parametrize("width_multiplier", [0.05, 0.25, 0.4, 1.0, 1.3])
def test_the_shapes_are_the_network_s(width_multiplier):
    network = TransformNetwork(["a"], width_multiplier=width_multiplier)
    shapes = tuple(tuple(b.convolution.kernel.shape) for b in network.blocks)
    assert kernel_shapes(width_multiplier) == shapes


def test_the_arrays_are_the_network_s(small_network, small_model_path):
    weights = read_weights(small_model_path)
    assert weights.style_names == small_network.style_names
    assert weights.skip_connections is True
    assert weights.extend_image is True
    assert [layer.name for layer in weights.layers] == list(LAYER_NAMES)
    for layer, block in zip(weights.layers, small_network.blocks, strict=True):
        (kernel,) = block.convolution.get_weights()
        gamma, beta = block.normalization.get_weights()
        np.testing.assert_array_equal(layer.kernel, kernel)
        np.testing.assert_array_equal(layer.gamma, gamma)
        np.testing.assert_array_equal(layer.beta, beta)


def test_half_precision_gives_float32(small_network, tmp_path):
    path = tmp_path / "half.keras"
    save_network(small_network, path, half_precision=True)
    layer = read_weights(path).layers[0]
    assert {array.dtype for array in layer[1:]} == {np.dtype("float32")}
    (kernel,) = small_network.blocks[0].convolution.get_weights()
    np.testing.assert_array_equal(layer.kernel, kernel.astype(np.float16))


def test_arrays_damaged_while_compressed_are_refused(small_network, tmp_path):
    """Wherever the damage is; zlib has an error of its own."""
    path = tmp_path / "half.keras"
    save_network(small_network, path, half_precision=True)
    with zipfile.ZipFile(path) as archive:
        arrays = archive.getinfo("model.weights.h5")
    data = path.read_bytes()
    for eighth in range(8):
        damaged = bytearray(data)
        place = arrays.header_offset + arrays.compress_size * eighth // 8 + 99
        damaged[place : place + 16] = b"\xff" * 16
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="has another layout"):
            read_weights(path)
        with pytest.raises(InputError, match="cannot be read as a model"):
            load_network(path)


def test_what_is_no_model_is_refused(tmp_path):
    import keras

    text = tmp_path / "text.keras"
    text.write_text("no archive")
    empty = tmp_path / "empty.keras"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("config.json", "{}")
    other = tmp_path / "other.keras"
    keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]).save(other)
    for path in (text, empty, other, tmp_path / "missing.keras"):
        with pytest.raises(ValueError):
            read_weights(path)


def test_a_network_gives_what_its_file_does(small_network, small_model_path):
    read, taken = read_weights(small_model_path), take_weights(small_network)
    assert taken.style_names == read.style_names
    assert taken.skip_connections == read.skip_connections
    for own, stored in zip(taken.layers, read.layers, strict=True):
        assert own.name == stored.name
        for array, other in zip(own[1:], stored[1:], strict=True):
            np.testing.assert_array_equal(array, other)
