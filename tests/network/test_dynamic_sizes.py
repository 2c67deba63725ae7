"""Sizes that a TensorFlow graph does not know, as in a SavedModel."""

import numpy as np
import pytest

from multistyle.network.transform import TransformNetwork


@pytest.mark.parametrize("map_size", [(1, 1), (33, 45)])
def test_weights_may_turn_out_to_be_one_blend_or_a_map(map_size):
    tf = pytest.importorskip("tensorflow")
    network = TransformNetwork(num_styles=2, width_multiplier=0.1)
    random = np.random.default_rng(0)
    for block in network.blocks:
        gamma = block.normalization.gamma
        gamma.assign(random.uniform(0.5, 1.5, gamma.shape))

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, None, 3]),
            tf.TensorSpec([None, None, None, 2]),
        ]
    )
    def paint(image, style_weights):
        return network({"image": image, "style_weights": style_weights})

    image = random.uniform(size=(1, 33, 45, 3)).astype(np.float32)
    blend = np.array([[0.3, 0.7]], np.float32)
    weights = np.broadcast_to(blend, (1, *map_size, 2))
    np.testing.assert_allclose(
        paint(image, weights),
        network({"image": image, "style_weights": blend}),
        atol=1e-4,
    )
