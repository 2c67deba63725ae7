import numpy as np

from multistyle.export.web_weights import pack_network
from multistyle.network.models import find_model
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import read_weights


def test_what_is_packed_is_found_again():
    weights = read_weights(find_model("paintings-fast"))
    described, data = pack_network(weights)
    for layer, stored in zip(described["layers"], weights.layers, strict=True):
        count = stored.kernel.size
        kernel = np.frombuffer(data, "<f2", count, layer["offset"])
        # The bundled models hold float16, so that nothing is lost.
        np.testing.assert_array_equal(
            kernel.reshape(layer["kernel"]), stored.kernel
        )
    rows = np.frombuffer(data, "<f2", offset=described["rows"])
    gamma, beta = join_layers(weights.rows)
    rows = rows.reshape(len(weights.style_names), -1)
    np.testing.assert_array_equal(rows, np.concatenate([gamma, beta], axis=1))
    assert 2 * sum(described["num_channels"]) == rows.shape[1]


def test_the_layers_are_those_of_the_network(small_network):
    weights = read_weights(find_model("paintings-fast"))
    described, _ = pack_network(weights)
    names = [layer["name"] for layer in described["layers"]]
    assert names == [block.name for block in small_network.blocks]
    for layer, block in zip(
        described["layers"], small_network.blocks, strict=True
    ):
        assert layer["stride"] == block.strides
        assert layer["doubled"] == block.upsample
        name = block.activation.__name__
        assert layer["activation"] == (None if name == "linear" else name)
        addend = layer["addend"]
        assert small_network.addends.get(block.name) == (
            None if addend is None else names[addend]
        )
