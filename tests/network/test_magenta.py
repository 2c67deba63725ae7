"""Against magenta's network, written here from its description in raw ops."""

import os
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from multistyle.errors import InputError
from multistyle.network.magenta import import_checkpoint
from multistyle.network.models import load_network, save_network
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

v1 = tf.compat.v1
FORMATS = {"V1": v1.train.SaverDef.V1, "V2": v1.train.SaverDef.V2}
# Multiples of four, odd, even, and both.
SIZES = [(16, 20), (17, 23), (30, 18), (9, 12)]


def convolve(x, weights, size, stride, filters, scope, activation):
    with v1.variable_scope(scope):
        channels = x.shape[-1]
        kernel = v1.get_variable(
            "weights",
            (size, size, channels, filters),
            initializer=v1.variance_scaling_initializer(),
        )
        pads = [[0, 0], [size // 2] * 2, [size // 2] * 2, [0, 0]]
        x = tf.pad(x, pads, mode="REFLECT")
        kernel = tf.cast(kernel, x.dtype)
        x = v1.nn.conv2d(x, kernel, [1, stride, stride, 1], "VALID")
        with v1.variable_scope("InstanceNorm"):
            shape = (weights.shape[1], filters)
            beta = v1.get_variable(
                "beta", shape, initializer=v1.random_normal_initializer(0, 0.3)
            )
            gamma = v1.get_variable(
                "gamma",
                shape,
                initializer=v1.random_uniform_initializer(0.5, 1.5),
            )
            mean, variance = tf.nn.moments(x, [1, 2], keepdims=True)
            x = tf.nn.batch_normalization(
                x,
                mean,
                variance,
                (weights @ tf.cast(beta, x.dtype))[:, None, None],
                (weights @ tf.cast(gamma, x.dtype))[:, None, None],
                1e-5,
            )
        return activation(x)


def upsample(x, weights, size, factor, filters, scope, activation):
    with v1.variable_scope(scope):
        shape = tf.shape(x)
        x = v1.image.resize_nearest_neighbor(x, shape[1:3] * factor)
        return convolve(x, weights, size, 1, filters, "conv", activation)


def transform(x, weights, alpha):
    """Three convolutions down, five residual blocks, three up.

    In float64, so that what differs is our rounding alone.
    """
    x, weights = tf.cast(x, tf.float64), tf.cast(weights, tf.float64)
    narrow, middle, wide = (int(alpha * full) for full in (32, 64, 128))
    with v1.variable_scope("transformer"):
        with v1.variable_scope("contract"):
            x = convolve(x, weights, 9, 1, narrow, "conv1", tf.nn.relu)
            x = convolve(x, weights, 3, 2, middle, "conv2", tf.nn.relu)
            x = convolve(x, weights, 3, 2, wide, "conv3", tf.nn.relu)
        with v1.variable_scope("residual"):
            for i in range(1, 6):
                with v1.variable_scope(f"residual{i}"):
                    y = convolve(x, weights, 3, 1, wide, "conv1", tf.nn.relu)
                    y = convolve(y, weights, 3, 1, wide, "conv2", tf.identity)
                    x = x + y
        with v1.variable_scope("expand"):
            x = upsample(x, weights, 3, 2, middle, "conv1", tf.nn.relu)
            x = upsample(x, weights, 3, 2, narrow, "conv2", tf.nn.relu)
            return upsample(x, weights, 9, 1, 3, "conv3", tf.nn.sigmoid)


class Magenta:
    """magenta's network, restored from a checkpoint that making it writes.

    Where it is `trained`, what magenta's training adds is in the checkpoint,
    too: Adam's slots, the step, and a variable of VGG.
    """

    def __init__(self, path, num_styles, alpha, file_format, trained=False):
        self.path = str(path)
        graph = tf.Graph()
        self.session = v1.Session(graph=graph)
        with graph.as_default():
            v1.set_random_seed(num_styles)
            self.image = v1.placeholder(tf.float32, (None, None, None, 3))
            self.weights = v1.placeholder(tf.float32, (None, num_styles))
            self.picture = transform(self.image, self.weights, alpha)
            if trained:
                v1.train.AdamOptimizer().minimize(
                    tf.reduce_mean(self.picture), v1.train.create_global_step()
                )
                v1.get_variable("vgg_16/conv1/conv1_1/weights", (3, 3, 3, 4))
            self.session.run(v1.global_variables_initializer())
            saver = v1.train.Saver(write_version=FORMATS[file_format])
            saver.save(self.session, self.path)
            saver.restore(self.session, self.path)

    def paint(self, image, weights):
        feeds = {self.image: image, self.weights: weights}
        return self.session.run(self.picture, feeds)


def write_checkpoint(path, variables, file_format="V2"):
    """Writes {name: array} as a checkpoint."""
    with tf.Graph().as_default(), v1.Session() as session:
        for name, array in variables.items():
            v1.get_variable(name, initializer=array, use_resource=False)
        session.run(v1.global_variables_initializer())
        saver = v1.train.Saver(write_version=FORMATS[file_format])
        saver.save(session, str(path), write_meta_graph=False)
    return path


def paint(network, image, weights):
    inputs = {"image": image, "style_weights": weights}
    return keras.ops.convert_to_numpy(network(inputs))


def random_image(height, width, batch=1):
    random = np.random.default_rng(height * 1000 + width)
    shape = (batch, height, width, 3)
    return random.uniform(0, 1, shape).astype(np.float32)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A checkpoint of two styles at alpha 0.25, as a training leaves it."""
    path = tmp_path_factory.mktemp("trained") / "model.ckpt"
    return Magenta(path, 2, 0.25, "V2", trained=True)


@pytest.fixture
def variables(trained):
    """{name: array} of `trained`, without what magenta's training adds."""
    reader = tf.train.load_checkpoint(trained.path)
    names = [
        name
        for name in reader.get_variable_to_shape_map()
        if name.startswith("transformer/") and "Adam" not in name
    ]
    return {name: reader.get_tensor(name) for name in names}


@pytest.mark.parametrize(
    ("num_styles", "alpha", "file_format", "width_multiplier"),
    [
        (1, 1.0, "V1", 1),
        (10, 0.25, "V2", 0.25),
        # Widths 12, 25, 51, in a network of 13, 26, 51.
        (3, 0.4, "V1", 51 / 128),
    ],
)
def test_pictures_are_magenta_s(
    num_styles, alpha, file_format, width_multiplier, tmp_path
):
    magenta = Magenta(tmp_path / "m.ckpt", num_styles, alpha, file_format)
    network = import_checkpoint(magenta.path)
    assert network.num_styles == num_styles
    assert network.width_multiplier == width_multiplier
    # magenta does not bring weights to a sum of 1.
    blend = np.linspace(0.1, 0.9, num_styles)
    weights = np.stack([np.eye(num_styles)[-1], blend]).astype(np.float32)
    for height, width in SIZES:
        image = random_image(height, width, batch=2)
        expected = magenta.paint(image, weights)
        # Its picture grows to a multiple of four; ours is the same, cropped.
        assert expected.shape[1:3] == (-(-height // 4) * 4, -(-width // 4) * 4)
        assert expected.std() > 0.01
        found = paint(network, image, weights)
        assert found.shape == image.shape
        np.testing.assert_allclose(
            found, expected[:, :height, :width], atol=5e-5, rtol=0
        )


def test_saved_it_is_the_same(trained, tmp_path):
    network = import_checkpoint(trained.path, ["wave", "night"])
    save_network(network, tmp_path / "model.keras")
    loaded = load_network(tmp_path / "model.keras")
    assert loaded.get_config() == network.get_config()
    assert loaded.style_names == ["wave", "night"]
    assert (loaded.skip_connections, loaded.extend_image) == (False, False)
    assert fingerprint(loaded) == fingerprint(network)
    image, weights = random_image(17, 22), np.float32([[0, 1]])
    np.testing.assert_array_equal(
        paint(loaded, image, weights), paint(network, image, weights)
    )


def test_its_rows_train_further(tmp_path):
    """Also where channels are zero throughout, as at alpha 0.4."""
    magenta = Magenta(tmp_path / "m.ckpt", 2, 0.4, "V2")
    network = import_checkpoint(magenta.path)
    for block in network.blocks:
        block.convolution.trainable = False
    network.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    before = network.get_weights()
    image, weights = random_image(16, 16, 2), np.eye(2, dtype=np.float32)
    inputs = {"image": image, "style_weights": weights}
    losses = network.fit(inputs, image, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for variable, old, new in zip(
        network.weights, before, network.get_weights(), strict=True
    ):
        assert np.isfinite(new).all()
        # Some beta have no effect: the next normalization takes them away.
        if variable.name != "beta":
            assert np.array_equal(old, new) == (variable.name == "kernel")
    for table in network.blocks[0].normalization.get_weights():
        assert table.shape == (2, 13) and not table[:, 12].any()


def test_a_map_s_edge_stays_where_it_is():
    """Style 0 paints black, 1 white, in sizes that four does not divide."""
    network = TransformNetwork(
        num_styles=2,
        width_multiplier=0.25,
        skip_connections=False,
        extend_image=False,
    )
    last = network.blocks[-1].normalization
    last.gamma.assign(np.zeros((2, 3)))
    last.beta.assign([[-50.0] * 3, [50.0] * 3])
    is_white = np.zeros((37, 30), int)
    is_white[20:, 11:] = 1
    picture = paint(
        network, random_image(37, 30), np.eye(2, dtype="f")[is_white][None]
    )
    expected = np.repeat(is_white[None, ..., None], 3, axis=-1)
    np.testing.assert_allclose(picture, expected, atol=1e-6)


def test_skip_connections_need_an_extended_image():
    with pytest.raises(ValueError, match="`skip_connections` need `extend_im"):
        TransformNetwork(num_styles=1, extend_image=False)


def test_style_names(trained):
    network = import_checkpoint(trained.path)
    assert network.style_names == ["style_00", "style_01"]
    with pytest.raises(InputError, match="holds `2` styles, and `3` names"):
        import_checkpoint(trained.path, ["a", "b", "c"])
    with pytest.raises(InputError, match="`a` is given twice"):
        import_checkpoint(trained.path, ["a", "a"])


@pytest.mark.parametrize("ending", [".index", ".data-00000-of-00001", ".meta"])
def test_any_file_of_a_checkpoint_will_do(trained, ending):
    assert os.path.isfile(trained.path + ending)
    network = import_checkpoint(trained.path + ending)
    assert network.num_styles == 2


def test_a_folder_stands_for_its_latest_checkpoint(trained):
    assert import_checkpoint(os.path.dirname(trained.path)).num_styles == 2


def has(name):
    return f"it has `transformer/{name}` besides"


def lacks(*names):
    return "it lacks " + ", ".join(f"`transformer/{name}`" for name in names)


def due(name, found, expected):
    return f"`transformer/{name}` has the shape `{found}` where `{expected}` is"


def assert_refused(path, *parts):
    """Imports in vain: the message is one line with the path and `parts`."""
    with pytest.raises(InputError) as caught:
        import_checkpoint(path)
    line = str(caught.value)
    assert "\n" not in line
    for part in (f"`{path}`", *parts):
        assert part in line


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("expand/conv3/conv/weights", None, lacks("expand/conv3/conv/weights")),
        ("contract/conv1/biases", np.zeros(8), has("contract/conv1/biases")),
        (
            "residual/residual6/conv1/weights",
            np.zeros(1),
            has("residual/residual6/conv1/weights"),
        ),
        (
            "residual/residual3/conv2/InstanceNorm/beta",
            np.zeros((3, 32)),
            due("residual/residual3/conv2/InstanceNorm/beta", [3, 32], [2, 32]),
        ),
        (
            "contract/conv3/weights",
            np.zeros((5, 5, 16, 32)),
            due("contract/conv3/weights", [5, 5, 16, 32], [3, 3, 16, 32]),
        ),
        (
            "contract/conv1/InstanceNorm/gamma",
            np.zeros(8),
            due("contract/conv1/weights", [9, 9, 3, 8], [9, 9, 3, 0]),
        ),
        (
            "contract/conv2/InstanceNorm/beta",
            np.full((2, 16), np.nan),
            "`transformer/contract/conv2/InstanceNorm/beta` is not finite",
        ),
    ],
)
def test_a_wrong_variable_is_named(name, array, message, variables, tmp_path):
    name = f"transformer/{name}"
    if array is None:
        del variables[name]
    else:
        variables[name] = array.astype(np.float32)
    path = write_checkpoint(tmp_path / "wrong.ckpt", variables)
    assert_refused(path, message)


def test_many_wrong_variables_are_counted(variables, tmp_path):
    wrong = {
        name.replace("InstanceNorm", "StyleNorm"): array
        for name, array in variables.items()
    }
    path = write_checkpoint(tmp_path / "wrong.ckpt", wrong)
    tables = [
        f"contract/conv{i}/InstanceNorm/{name}"
        for i in (1, 2, 3)
        for name in ("gamma", "beta")
    ]
    found = "`transformer/contract/conv1/StyleNorm/beta`, "
    assert_refused(path, f"{lacks(*tables)} and 26 more; it has {found}")


def test_a_checkpoint_of_something_else_is_refused(tmp_path):
    path = tmp_path / "vgg.ckpt"
    write_checkpoint(path, {"vgg_16/fc8/biases": np.zeros(3, "f")}, "V1")
    assert_refused(path, "and 42 more.")


@pytest.mark.parametrize(
    ("ending", "spoil", "message"),
    [
        ("", lambda data: data[:-30], "not an sstable"),
        ("", lambda data: data[:100], "not an sstable"),
        ("", lambda data: b"", "too short"),
        ("", lambda data: b"\x89HDF" * 500, "not an sstable"),
        (".index", lambda data: data[:-10], "not an sstable"),
        (".data-00000-of-00001", lambda data: data[:-10], "than requested"),
        (".data-00000-of-00001", lambda data: None, "No such file"),
    ],
)
def test_a_spoilt_file_is_refused(ending, spoil, message, variables, tmp_path):
    path = tmp_path / "spoilt.ckpt"
    write_checkpoint(path, variables, "V2" if ending else "V1")
    file = tmp_path / f"spoilt.ckpt{ending}"
    data = spoil(file.read_bytes())
    file.unlink()
    if data is not None:
        file.write_bytes(data)
    assert_refused(path, "cannot be read", message, "give a whole one")


@pytest.mark.parametrize("name", ["none.ckpt", "none.ckpt.index", ""])
def test_a_missing_checkpoint_is_refused(name, tmp_path):
    assert_refused(tmp_path / name, "There is no checkpoint `")


def test_without_tensorflow_it_says_so(trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    assert_refused(trained.path, "needs TensorFlow, which is not installed")
