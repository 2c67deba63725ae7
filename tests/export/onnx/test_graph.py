import math

import numpy as np
import onnx
import onnxruntime
import pytest

from multistyle.export.onnx.graph import build_graph
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import take_weights
from multistyle.network.transform import TransformNetwork

BLEND = np.array([[0.5, 0.2, 0.3]], np.float32)
SIZES = [(8, 8), (9, 14), (33, 47), (64, 40)]
# Of a picture that ends within the last ones.
WINDOWS = np.array(
    [(0, 0, 96, 84), (0, 84, 96, 999), (96, 0, 999, 84), (96, 84, 999, 999)]
)


def make_image(height, width, seed=0):
    random = np.random.default_rng(seed)
    return random.random((1, height, width, 3), np.float32)


def open_graph(graph):
    return onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )


def paint(network, image, weights=BLEND):
    return np.array(network({"image": image, "style_weights": weights}))


@pytest.fixture(scope="module")
def graph(small_network):
    return build_graph(take_weights(small_network), {"styles": "[]"})


@pytest.fixture(scope="module")
def session(graph):
    return open_graph(graph)


def test_names_and_sizes_are_those_promised(graph, session):
    assert [i.name for i in session.get_inputs()] == ["image", "style_weights"]
    # What has a default is no input that must be given.
    optional = session.get_overridable_initializers()
    assert [i.name for i in optional] == [
        "given_moments",
        "window",
        "margins",
    ]
    outputs = [output.name for output in session.get_outputs()]
    assert outputs == ["stylized_image", "moments"]
    assert session.get_inputs()[0].shape == [1, "height", "width", 3]
    assert graph.metadata_props[0].key == "styles"


@pytest.mark.parametrize("size", SIZES)
def test_any_size_is_painted_as_by_the_network(session, small_network, size):
    image = make_image(*size)
    painted = session.run(
        ["stylized_image"], {"image": image, "style_weights": BLEND}
    )[0]
    np.testing.assert_allclose(painted, paint(small_network, image), atol=2e-5)


@pytest.mark.parametrize("store", ["float32", "float16"])
def test_weights_are_kept_as_told(small_network, store):
    graph = build_graph(take_weights(small_network), {}, store=store)
    large = [
        tensor.data_type
        for tensor in graph.graph.initializer
        if tensor.dims and np.prod(tensor.dims) > 3000
    ]
    wanted = {
        "float32": onnx.TensorProto.FLOAT,
        "float16": onnx.TensorProto.FLOAT16,
    }
    assert len(large) > 10
    assert set(large) == {wanted[store]}
    image = make_image(24, 24)
    painted = open_graph(graph).run(
        None, {"image": image, "style_weights": BLEND}
    )[0]
    # A float16 has eleven bits.
    tolerance = {"float32": 2e-5, "float16": 5e-3}[store]
    np.testing.assert_allclose(
        painted, paint(small_network, image), atol=tolerance
    )


def test_moments_are_those_of_the_network(session, small_network):
    image = make_image(40, 56)
    feed = {"image": image, "style_weights": BLEND}
    moments = session.run(["moments"], feed)[0]
    _, measured = small_network.measure(feed)
    expected = np.concatenate(
        join_layers(
            {
                name: (np.array(mean)[0, 0], np.array(variance)[0, 0])
                for name, (mean, variance) in measured.items()
            }
        )
    )
    np.testing.assert_allclose(moments, expected, rtol=1e-3, atol=1e-5)


def test_given_moments_are_used(session, small_network):
    """A part painted under the whole's moments is a part of the whole."""
    image = make_image(160, 160)
    feed = {"image": image, "style_weights": BLEND}
    whole, moments = session.run(None, feed)
    part = session.run(
        None,
        {
            "image": image[:, :136],
            "style_weights": BLEND,
            "given_moments": moments[None],
        },
    )
    np.testing.assert_allclose(part[0][:, :80], whole[:, :80], atol=2e-5)
    own = session.run(None, {"image": image[:, :136], "style_weights": BLEND})[
        0
    ]
    assert np.abs(own[:, :80] - whole[:, :80]).max() > 1e-3


def test_moments_that_are_not_given_are_measured_under_those_that_are(
    session,
):
    image = make_image(48, 48)
    feed = {"image": image, "style_weights": BLEND}
    _, moments = session.run(None, feed)
    given = np.full_like(moments, -1)
    given[:, :24] = moments[:, :24]
    _, used = session.run(None, {**feed, "given_moments": given[None]})
    np.testing.assert_allclose(used, moments, rtol=1e-5, atol=1e-6)
    given[0, 0] += 0.1
    _, used = session.run(None, {**feed, "given_moments": given[None]})
    # The first layer's are measured before they are used.
    np.testing.assert_allclose(used[:, :8], moments[:, :8], rtol=1e-4)
    assert np.abs(used[:, 24:] - moments[:, 24:]).max() > 1e-3


def test_moments_of_parts_are_joined(session):
    image = make_image(48, 48)
    feed = {"image": image, "style_weights": BLEND}
    _, moments = session.run(None, feed)
    # As far apart as makes the variances of all of it.
    apart = np.sqrt(moments[1] / 2)
    parts = [(moments[0] + way * apart, moments[1] / 2) for way in (-1, 1)]
    parts = np.array(parts, np.float32)
    whole = session.run(None, {**feed, "given_moments": moments[None]})
    joined = session.run(None, {**feed, "given_moments": parts})
    for array, expected in zip(joined, whole, strict=True):
        np.testing.assert_allclose(array, expected, rtol=1e-3, atol=1e-4)
    # What no part has is measured.
    parts[:, :, 24:] = -1
    joined = session.run(None, {**feed, "given_moments": parts})
    np.testing.assert_allclose(joined[1], moments, rtol=1e-3, atol=1e-4)


def test_what_lies_within_the_margins_is_measured(session):
    """Halves of a picture of 96 and 16 rows, of which all is seen."""
    image = make_image(96, 40)
    feed = {"image": image, "style_weights": BLEND}
    _, moments = session.run(None, feed)
    feed["given_moments"] = moments[None]
    upper, lower = (
        session.run(["moments"], {**feed, "margins": np.array(margins)})[0]
        for margins in ((0, 56, 0, 0), (56, 0, 0, 0))
    )
    mean = (upper[0] + lower[0]) / 2
    square = (upper[1] + upper[0] ** 2 + lower[1] + lower[0] ** 2) / 2
    np.testing.assert_allclose(mean, moments[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        square - mean**2, moments[1], rtol=1e-3, atol=1e-5
    )
    assert np.abs(upper - lower).max() > 1e-3
    left, right = (
        session.run(["moments"], {**feed, "margins": np.array(margins)})[0]
        for margins in ((0, 0, 0, 28), (0, 0, 28, 0))
    )
    np.testing.assert_allclose(
        (left[0] + right[0]) / 2, moments[0], rtol=1e-4, atol=1e-5
    )


def test_a_flat_picture_has_the_one_colour(session, small_network):
    last = small_network.blocks[-1].normalization
    color = 1 / (1 + np.exp(-BLEND @ np.array(last.beta)))[0]
    for value in (0, 1, 0.5, (0.04, 0.78, 0.35)):
        image = np.full((1, 40, 52, 3), value, np.float32)
        painted = session.run(None, {"image": image, "style_weights": BLEND})[0]
        np.testing.assert_allclose(
            painted, np.broadcast_to(color, painted.shape), atol=1e-5
        )


def test_a_baked_blend_is_the_only_input(small_network):
    network = TransformNetwork(["one"], width_multiplier=0.25)
    graph = build_graph(
        take_weights(network), {}, baked=True, channels_first=True
    )
    session = open_graph(graph)
    assert [i.name for i in session.get_inputs()] == ["image"]
    assert session.get_inputs()[0].shape == [1, 3, "height", "width"]
    assert not session.get_overridable_initializers()
    image = make_image(21, 34)
    (painted,) = session.run(None, {"image": image.transpose(0, 3, 1, 2)})
    np.testing.assert_allclose(
        painted.transpose(0, 2, 3, 1),
        paint(network, image, np.ones((1, 1), np.float32)),
        atol=2e-5,
    )


@pytest.mark.parametrize(
    ("width_multiplier", "skip_connections", "extend_image"),
    [(0.5, True, True), (0.1, False, False), (0.6, False, True)],
)
def test_other_forms_of_the_network(
    width_multiplier, skip_connections, extend_image
):
    """Among them magenta's, whose halvings round odd sizes up."""
    network = TransformNetwork(
        ["a", "b"],
        width_multiplier=width_multiplier,
        skip_connections=skip_connections,
        extend_image=extend_image,
    )
    session = open_graph(build_graph(take_weights(network), {}))
    weights = np.array([[0.25, 0.75]], np.float32)
    for size in ((33, 47), (40, 30)):
        image = make_image(*size)
        painted = session.run(None, {"image": image, "style_weights": weights})[
            0
        ]
        np.testing.assert_allclose(
            painted, paint(network, image, weights), atol=2e-5
        )


def test_windows_are_parts_of_the_whole(session):
    """Painted under its moments; a picture of odd sizes is cut in four."""
    height, width = 193, 170
    feed = {"image": make_image(height, width), "style_weights": BLEND}
    whole, moments = session.run(None, feed)
    feed["given_moments"] = moments[None]
    found, areas = [], []
    for window in WINDOWS:
        part, measured = session.run(None, {**feed, "window": window})
        top, left, bottom, right = window
        expected = whole[:, top:bottom, left:right]
        assert part.shape == expected.shape
        np.testing.assert_allclose(part, expected, atol=3e-5)
        found.append(measured)
        # With what the picture is continued by at its borders.
        areas.append(
            math.prod(
                last - first + 8
                if last < length
                else length - first + -length % 4 + 8
                for first, last, length in (
                    (top, bottom, height),
                    (left, right, width),
                )
            )
        )
    means, variances = np.array(found).swapaxes(0, 1)
    mean = np.average(means, axis=0, weights=areas)
    square = np.average(variances + means**2, axis=0, weights=areas)
    np.testing.assert_allclose(mean, moments[0], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        square - mean**2, moments[1], rtol=1e-3, atol=1e-4
    )


def test_windows_of_a_network_that_continues_no_picture():
    network = TransformNetwork(
        ["a"],
        width_multiplier=0.1,
        skip_connections=False,
        extend_image=False,
    )
    session = open_graph(build_graph(take_weights(network), {}))
    feed = {
        "image": make_image(193, 170),
        "style_weights": np.ones((1, 1), np.float32),
    }
    whole, moments = session.run(None, feed)
    feed["given_moments"] = moments[None]
    for window in WINDOWS:
        (part, _) = session.run(None, {**feed, "window": window})
        top, left, bottom, right = window
        expected = whole[:, top:bottom, left:right]
        np.testing.assert_allclose(part, expected, atol=3e-5)


def test_a_window_that_is_not_given_is_all_of_the_picture(session):
    feed = {"image": make_image(30, 41), "style_weights": BLEND}
    whole = session.run(None, feed)
    feed["window"] = np.array([0, 0, 30, 41])
    for array, expected in zip(session.run(None, feed), whole, strict=True):
        np.testing.assert_array_equal(array, expected)
