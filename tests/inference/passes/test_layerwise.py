import os
import tempfile

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.inference.engines.keras_layers import KerasLayers
from multistyle.inference.passes import layerwise
from multistyle.inference.passes.layerwise import LayerByLayer
from multistyle.network.transform import TransformNetwork

WEIGHTS = np.array([0.5, 0.2, 0.3], np.float32)


def constant(window):
    return WEIGHTS


def measure_at_once(network, image, weights):
    inputs = {"image": to_float(image)[None], "style_weights": weights[None]}
    return network.measure(inputs)[1]


def check(measured, expected):
    assert list(measured) == list(expected)
    for name, (mean, variance) in expected.items():
        scale = np.sqrt(variance).max() + 1e-3
        assert np.abs(measured[name][0] - mean).max() < 1e-3 * scale
        np.testing.assert_allclose(
            measured[name][1], variance, rtol=1e-2, atol=1e-6
        )


@pytest.fixture(scope="module")
def image():
    return read_image(sample_photographs()[0])[:70, :53]


@pytest.mark.parametrize("strip_bytes", [1, 10**9])
def test_the_moments_are_those_of_one_pass(
    small_layers, small_network, image, strip_bytes
):
    shares = []
    layers = LayerByLayer(small_layers, image, constant, strip_bytes)
    measured = layers.measure(shares.append)
    check(measured, measure_at_once(small_network, image, WEIGHTS))
    assert len(shares) == 16 and shares[-1] == 1


def test_a_map_of_weights(small_layers, small_network, image):
    weights = np.random.default_rng(0).dirichlet(np.ones(3), image.shape[:2])
    weights = weights.astype(np.float32)
    layers = LayerByLayer(
        small_layers, image, lambda window: window.of(weights), 1
    )
    check(
        layers.measure(lambda share: None),
        measure_at_once(small_network, image, weights),
    )


def test_a_network_that_extends_no_picture(image):
    network = TransformNetwork(
        num_styles=3,
        width_multiplier=0.1,
        skip_connections=False,
        extend_image=False,
    )
    layers = LayerByLayer(KerasLayers(network), image, constant, 1)
    check(
        layers.measure(lambda share: None),
        measure_at_once(network, image, WEIGHTS),
    )


def test_the_disk_it_needs_is_the_disk_it_takes(
    small_layers, image, monkeypatch
):
    layers = LayerByLayer(small_layers, image, constant, 10**9)
    taken = []

    def note(share):
        sizes = [os.fstat(f.fileno()).st_size for f in layers._files.values()]
        taken.append(sum(sizes))

    files = []

    def temporary_file(**options):
        files.append(original(**options))
        return files[-1]

    original = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", temporary_file)
    layers.measure(note)
    # 88 x 72: a quarter of each side, 32 channels; half of it, 16.
    quarter, half = 22 * 18 * 32 * 4, 44 * 36 * 16 * 4
    assert layers.scratch_bytes == max(3 * quarter, quarter + half)
    assert max(taken) <= layers.scratch_bytes
    assert len(files) == 12 and all(file.closed for file in files)


def test_no_scratch_file_has_a_name(small_layers, image, monkeypatch, tmp_path):
    """So none is left behind, whatever ends the process."""
    if os.name == "nt":
        pytest.skip("Windows removes the file when its last handle is closed")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    listed = []
    layers = LayerByLayer(small_layers, image, constant, 1)
    layers.measure(lambda share: listed.append(os.listdir(tmp_path)))
    assert listed == [[]] * 16


def test_too_little_disk_is_refused_first(small_layers, image, monkeypatch):
    layers = LayerByLayer(small_layers, image, constant, 1)
    layers.check_disk()
    monkeypatch.setattr(
        layerwise.shutil, "disk_usage", lambda folder: FreeDisk(5 * 10**4)
    )
    with pytest.raises(InputError) as caught:
        layers.check_disk()
    assert str(caught.value) == (
        f"--tiling=exact needs 1MB on the disk of `{tempfile.gettempdir()}`, "
        "where `1MB` are free: name another folder in the environment "
        "variable TMPDIR, or leave --tiling=exact away."
    )


class FreeDisk:
    def __init__(self, free):
        self.free = free


def test_a_disk_that_fills_up_is_one_line(small_layers, image, monkeypatch):
    def no_file(**options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_file)
    layers = LayerByLayer(small_layers, image, constant, 1)
    with pytest.raises(InputError, match="No space left on device"):
        layers.measure(lambda share: None)
    assert not layers._files
