"""The pocket network by NumPy, beside the one by Keras."""

import subprocess
import sys

import numpy as np
import pytest

from multistyle.perceptual.pocket_features import pocket_features


@pytest.mark.parametrize("size", [(8, 8), (33, 50), (64, 41)])
def test_features_are_those_of_keras(size):
    from multistyle.perceptual.pocket import load_pocket

    image = np.random.default_rng(0).random((*size, 3), np.float32)
    network = load_pocket()
    wanted = network(image[None])
    features = pocket_features(image)
    assert list(features) == list(network.style_layers)
    for name, maps in features.items():
        other = np.asarray(wanted[name][0])
        assert maps.shape == other.shape
        np.testing.assert_allclose(maps, other, atol=1e-5 * np.ptp(other))


def test_a_picture_of_many_strips_is_seen_as_one_piece(monkeypatch):
    image = np.random.default_rng(1).random((50, 30, 3), np.float32)
    whole = pocket_features(image)
    monkeypatch.setattr(
        "multistyle.perceptual.pocket_features._STRIP_BYTES", 20_000
    )
    for name, maps in pocket_features(image).items():
        np.testing.assert_allclose(maps, whole[name], rtol=1e-5, atol=1e-2)


def test_keras_is_not_imported():
    code = (
        "import sys, numpy as np; from multistyle.perceptual.pocket_features "
        "import pocket_features; pocket_features(np.zeros((8, 8, 3), 'f')); "
        "assert not {'keras', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
