import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import multistyle
from multistyle.errors import InputError
from multistyle.perceptual.vgg16 import VGG16_BLOCKS, load_vgg16
from multistyle.perceptual.vgg16_weights import (
    KERAS_WEIGHTS_FILE,
    WEIGHTS_VARIABLE,
    find_vgg16_weights,
)
from tests.perceptual.convolutions import convolve, make_picture, pool

LOAD_TWICE = """
from multistyle.errors import InputError
from multistyle.perceptual.vgg16 import load_vgg16

for _ in range(2):
    try:
        load_vgg16()
    except InputError as error:
        print(f"InputError: {error}")
"""


@pytest.fixture(scope="module")
def weights_path():
    path = find_vgg16_weights()
    if path is None:
        pytest.skip(
            "there are no weights of VGG-16 on this machine; give their path "
            f"in the environment variable {WEIGHTS_VARIABLE}"
        )
    return path


@pytest.fixture(scope="module")
def vgg16(weights_path):
    return load_vgg16(weights_path)


@pytest.fixture
def no_weights(monkeypatch, tmp_path):
    """A machine without weights; returns the empty folder of Keras."""
    monkeypatch.delenv(WEIGHTS_VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


def test_features_are_those_of_a_forward_pass_in_numpy(vgg16, weights_path):
    donor = keras.applications.VGG16(include_top=False, weights=weights_path)
    image = make_picture(19, 24)
    features = vgg16(image)
    mean_bgr = [103.939, 116.779, 123.68]
    x = image[0, :, :, ::-1].astype(np.float64) * 255 - mean_bgr
    for block, (_, num_convolutions) in enumerate(VGG16_BLOCKS, 1):
        x = x if block == 1 else pool(x)
        for i in range(1, num_convolutions + 1):
            layer = donor.get_layer(f"block{block}_conv{i}")
            x = convolve(x, *layer.get_weights())
        result = features[f"relu{block}_{num_convolutions}"]
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(result)[0],
            x,
            rtol=1e-3,
            atol=1e-4 * x.max(),
        )
    assert list(features) == ["relu1_2", "relu2_2", "relu3_3", "relu4_3"]


def test_the_content_is_relu3_3(vgg16):
    image = make_picture(16, 16)
    assert vgg16.content_layer == "relu3_3"
    np.testing.assert_array_equal(
        vgg16.content_features(image), vgg16(image)["relu3_3"]
    )


def test_it_is_frozen_and_cut_after_relu4_3(vgg16):
    assert vgg16.model.trainable_weights == []
    shapes = [(3, 3, 512, 512), (512,)]
    assert [tuple(w.shape) for w in vgg16.model.weights[-2:]] == shapes
    assert len(vgg16.model.weights) == 2 * 10


def test_a_path_goes_before_the_variable_and_that_before_keras(
    no_weights, monkeypatch, tmp_path
):
    assert find_vgg16_weights() is None
    cached = no_weights / "models" / KERAS_WEIGHTS_FILE
    cached.parent.mkdir(parents=True)
    cached.touch()
    assert find_vgg16_weights() == cached
    named, given = tmp_path / "named.h5", tmp_path / "given.h5"
    named.touch()
    given.touch()
    monkeypatch.setenv(WEIGHTS_VARIABLE, str(named))
    assert find_vgg16_weights() == named
    assert find_vgg16_weights(given) == given
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert find_vgg16_weights("~/given.h5") == given
    monkeypatch.setenv(WEIGHTS_VARIABLE, "~/named.h5")
    assert find_vgg16_weights() == named


def test_a_name_that_no_file_can_have_is_one_line(no_weights):
    with pytest.raises(InputError, match="from --vgg_weights, is no file"):
        find_vgg16_weights("x" * 300)


def test_a_missing_file_is_named_with_where_it_came_from(
    no_weights, monkeypatch, tmp_path
):
    missing = tmp_path / "missing.h5"
    message = r"`.*missing\.h5`, from {}, is no file; it must be .*https://"
    with pytest.raises(InputError, match=message.format("--vgg_weights")):
        load_vgg16(missing)
    monkeypatch.setenv(WEIGHTS_VARIABLE, str(missing))
    with pytest.raises(InputError, match=message.format(WEIGHTS_VARIABLE)):
        load_vgg16()


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("name", ["text.weights.h5", "other.weights.h5"])
def test_another_file_is_refused(no_weights, tmp_path, name):
    path = tmp_path / name
    if name == "text.weights.h5":
        path.write_text("not HDF5")
    else:
        other = keras.Sequential(
            [keras.Input((4,)), keras.layers.Dense(2, name="block1_conv1")]
        )
        other.save_weights(path)
    with pytest.raises(InputError) as error:
        load_vgg16(path)
    assert f"`{path}` does not hold the weights of VGG-16" in str(error.value)
    assert "https://" in str(error.value)


def test_a_failed_download_says_what_to_do(no_weights):
    """First over a file that broke off, then over none.

    In a process of its own: Keras reads KERAS_HOME when it is imported.
    """
    cached = no_weights / "models" / KERAS_WEIGHTS_FILE
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"\x89HDF\r\n\x1a\n")
    nobody = "http://127.0.0.1:9"
    result = subprocess.run(
        [sys.executable, "-c", LOAD_TWICE],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(multistyle.__file__).parents[1]),
            **{name: nobody for name in ("HTTPS_PROXY", "https_proxy")},
            **{name: "" for name in ("NO_PROXY", "no_proxy")},
        },
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stderr
    lines = [
        line
        for line in result.stdout.splitlines()
        if line.startswith("InputError: ")
    ]
    assert len(lines) == 2
    for line in lines:
        assert "(59 MB) could not be downloaded" in line
        for advice in (
            "--vgg_weights",
            WEIGHTS_VARIABLE,
            "--loss_network=pocket",
        ):
            assert advice in line
    assert not cached.exists()
