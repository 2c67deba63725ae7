import signal
import warnings

import numpy as np
import pytest

SMALL_MODEL_STYLES = ["starry_night", "great_wave", "the_scream"]


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory):
    """Keeps the tests' graphs out of the user's cache, on Linux."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def small_network():
    """A network of width 0.25 whose three styles differ; never trained."""
    import keras

    from multistyle.network.transform import TransformNetwork

    keras.utils.set_random_seed(0)
    network = TransformNetwork(
        SMALL_MODEL_STYLES,
        width_multiplier=0.25,
        credits={"great_wave": {"artist": "Hokusai", "year": "1831"}},
    )
    random = np.random.default_rng(0)
    for block in network.blocks:
        layer = block.normalization
        layer.gamma.assign(random.uniform(0.5, 1.5, layer.gamma.shape))
        layer.beta.assign(random.normal(0, 0.3, layer.beta.shape))
    return network


@pytest.fixture(scope="session")
def small_model_path(small_network, tmp_path_factory):
    """A run folder's `model.keras` that holds `small_network`."""
    from multistyle.network.models import save_network

    path = tmp_path_factory.mktemp("runs") / "small" / "model.keras"
    save_network(small_network, path)
    return path


@pytest.fixture
def small_reader(small_network, tmp_path, monkeypatch):
    """A reader for `small_network`: its mean row, a little by the painting."""
    from multistyle.learning import reader
    from multistyle.learning.statistics import COLOR_STEPS
    from multistyle.network.growth import style_rows
    from multistyle.network.rows import join_layers, mean_row
    from multistyle.network.styles import fingerprint
    from multistyle.perceptual.pocket_form import POCKET_BLOCKS

    folder = tmp_path / "readers"
    folder.mkdir()
    random = np.random.default_rng(0)
    mean = mean_row(style_rows(small_network, small_network.style_names))
    sizes = [
        2 * sum(widths[-1] for widths in POCKET_BLOCKS) + COLOR_STEPS**3,
        8,
        8,
    ]
    row = np.concatenate(join_layers(mean), axis=1)[0]
    sizes.append(len(row))
    arrays = {"bias_0": np.zeros(8), "bias_1": np.zeros(8), "bias_2": row}
    for i in range(3):
        kernel = random.normal(0, sizes[i] ** -0.5, sizes[i : i + 2])
        arrays[f"kernel_{i}"] = kernel
    np.savez(
        folder / "small.npz",
        fingerprint=fingerprint(small_network),
        num_channels=[block.filters for block in small_network.blocks],
        mean=np.zeros(sizes[0]),
        deviation=np.ones(sizes[0]),
        **arrays,
    )
    monkeypatch.setattr(reader, "READERS_FOLDER", folder)
    reader._readers.cache_clear()
    yield reader.find_reader(fingerprint(small_network))
    reader._readers.cache_clear()


@pytest.fixture
def photograph_folder(tmp_path):
    """A folder of three small photographs: a.png, b.jpg and sub/c.png."""
    from multistyle.images.codecs.writing import write_image

    random = np.random.default_rng(0)
    for name in ("a.png", "b.jpg", "sub/c.png"):
        pixels = random.integers(0, 256, (16, 20, 3), np.uint8)
        write_image(tmp_path / "photographs" / name, pixels)
    return tmp_path / "photographs"


@pytest.fixture
def interruptible():
    """Ctrl-C as in a terminal, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def _run_eagerly():
    """Leaves out compiling, which takes longer than a few small steps."""
    import keras

    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    with warnings.catch_warnings():
        # It says that data sets are read as before.
        warnings.filterwarnings("ignore", "Even though the `tf.config")
        yield
    tf.config.run_functions_eagerly(False)


eager_module = pytest.fixture(scope="module", name="eager_module")(_run_eagerly)
eager_steps = pytest.fixture(name="eager_steps")(_run_eagerly)
