import os
import pickle
import subprocess
import sys
from concurrent import futures
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("openvino")

import openvino as ov

from multistyle.blends.weights import one_hot
from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.engines.openvino import engine as graph_engine
from multistyle.inference.engines.openvino.engine import OpenVINOEngine
from multistyle.inference.engines.openvino.signal_stacks import (
    kept_signal_stack,
)
from multistyle.network.growth import style_rows
from multistyle.network.models import (
    bundled_models,
    find_model,
    load_network,
    save_network,
)
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

STYLES = ("composition_vii", "mondrian", "van_doesburg")
SIZES = [(8, 8), (8, 9), (11, 10), (13, 31), (40, 52), (61, 33)]
with kept_signal_stack():
    HAS_BFLOAT16 = "BF16" in ov.Core().get_property(
        "CPU", "OPTIMIZATION_CAPABILITIES"
    )
needs_bfloat16 = pytest.mark.skipif(
    not HAS_BFLOAT16, reason="The processor does not compute in bfloat16."
)


@pytest.fixture(scope="module")
def engine(small_model_path):
    return OpenVINOEngine(small_model_path)


@pytest.fixture(scope="module")
def keras_engine(small_network):
    return KerasEngine(small_network)


def make_picture(height, width):
    random = np.random.default_rng(height * 1000 + width)
    return random.random((height, width, 3), np.float32)


def make_weights(*shape):
    random = np.random.default_rng(0)
    return random.dirichlet(np.ones(3), shape).astype(np.float32)


def make_rows(network, count):
    """Makes rows of so many styles that no network has learned."""
    random = np.random.default_rng(7)
    return {
        block.name: (
            random.uniform(0.5, 1.5, (count, block.filters)).astype(np.float32),
            random.normal(0, 0.3, (count, block.filters)).astype(np.float32),
        )
        for block in network.blocks
    }


def row_of(rows, index=0):
    return {
        name: tuple(table[index : index + 1] for table in pair)
        for name, pair in rows.items()
    }


@pytest.mark.parametrize("size", SIZES)
def test_it_paints_the_keras_network_s_picture(engine, keras_engine, size):
    picture = make_picture(*size)
    for weights in (make_weights(), make_weights(*size)):
        painted = engine.paint(picture, weights)
        assert painted.dtype == np.float32
        assert painted.shape == (*size, 3)
        expected = keras_engine.paint(picture, weights)
        np.testing.assert_allclose(painted, expected, atol=2e-4)


def test_a_network_without_skip_connections_is_its_own(tmp_path):
    network = TransformNetwork(
        num_styles=2, width_multiplier=0.1, skip_connections=False
    )
    path = tmp_path / "plain.keras"
    save_network(network, path)
    picture, weights = make_picture(21, 26), np.array([0.5, 0.5], np.float32)
    np.testing.assert_allclose(
        OpenVINOEngine(path).paint(picture, weights),
        KerasEngine(network).paint(picture, weights),
        atol=2e-4,
    )


def test_moments_are_the_keras_network_s(engine, keras_engine):
    picture, weights = make_picture(24, 37), make_weights()
    _, moments = engine.paint(picture, weights, return_moments=True)
    _, expected = keras_engine.paint(picture, weights, return_moments=True)
    assert moments.keys() == expected.keys()
    for name, pair in moments.items():
        for got, wanted in zip(pair, expected[name], strict=True):
            assert got.dtype == np.float32
            assert got.shape == wanted.shape
            np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-4)


def test_a_picture_s_own_moments_change_nothing(engine):
    picture, size = make_picture(24, 37), (24, 37)
    for weights in (make_weights(), make_weights(*size)):
        painted, moments = engine.paint(picture, weights, return_moments=True)
        again, used = engine.paint(picture, weights, moments, True)
        np.testing.assert_array_equal(again, painted)
        for name, pair in used.items():
            np.testing.assert_array_equal(pair, moments[name])


def test_given_moments_count_for_a_part_of_a_picture(engine, keras_engine):
    picture, weights = make_picture(40, 40), make_weights()
    _, moments = engine.paint(picture, weights, return_moments=True)
    part = picture[:17, :22]
    painted = engine.paint(part, weights, moments)
    np.testing.assert_allclose(
        painted, keras_engine.paint(part, weights, moments), atol=2e-4
    )
    assert np.abs(painted - engine.paint(part, weights)).max() > 0.01


def test_new_weights_and_sizes_load_nothing(small_model_path, monkeypatch):
    loads = []

    def load_graph(core, data, has_map, precision):
        loads.append(has_map)
        return original(core, data, has_map, precision)

    original = graph_engine.load_graph
    monkeypatch.setattr(graph_engine, "load_graph", load_graph)
    engine = OpenVINOEngine(small_model_path)
    pictures = []
    for size in SIZES:
        for weights in (*np.eye(3, dtype=np.float32), make_weights()):
            pictures.append(engine.paint(make_picture(*size), weights))
    assert loads == [False]
    for size in SIZES[:2]:
        engine.paint(make_picture(*size), make_weights(*size))
    assert loads == [False, True]
    # The weights did count.
    assert np.abs(pictures[-1] - pictures[-2]).max() > 0.01


def test_a_picture_does_not_change_with_the_next(engine):
    picture, weights = make_picture(16, 16), make_weights()
    painted = engine.paint(picture, weights)
    kept = painted.copy()
    engine.paint(1 - picture, weights)
    np.testing.assert_array_equal(painted, kept)


@pytest.mark.parametrize(
    "precision",
    ["float32", pytest.param("bfloat16", marks=needs_bfloat16)],
)
@pytest.mark.parametrize("model", bundled_models())
def test_a_flat_picture_stays_flat(model, precision):
    engine = OpenVINOEngine(find_model(model), precision)
    for style in STYLES:
        weights = one_hot(style, engine.style_names)
        for level in (0, 0.2, 0.5, 1):
            picture = np.full((40, 52, 3), level, np.float32)
            painted = engine.paint(picture, weights)
            assert np.ptp(painted, axis=(0, 1)).max() < 0.01
            assert np.isfinite(painted).all()


@needs_bfloat16
def test_bfloat16_is_near_on_a_photograph():
    path = find_model("paintings")
    engines = OpenVINOEngine(path), OpenVINOEngine(path, "bfloat16")
    photograph = read_image(sample_photographs()[0])
    photograph = to_float(resize_long_side(photograph, 96))
    for style in STYLES:
        weights = one_hot(style, engines[0].style_names)
        one, other = (e.paint(photograph, weights) for e in engines)
        assert 0 < np.abs(one - other).mean() < 1 / 255


def test_bfloat16_needs_a_processor_that_has_it(small_model_path, monkeypatch):
    class Core(ov.Core):
        def get_property(self, *arguments):
            return ["FP32"]

    monkeypatch.setattr(graph_engine.ov, "Core", Core)
    with pytest.raises(InputError, match="does not compute in `bfloat16`"):
        OpenVINOEngine(small_model_path, "bfloat16")


def test_the_network_is_loaded_when_it_is_asked_for(engine, small_network):
    assert engine.style_names == small_network.style_names
    assert isinstance(engine.network, TransformNetwork)
    assert engine.network is engine.network
    np.testing.assert_array_equal(
        engine.network.get_weights()[0], small_network.get_weights()[0]
    )


def test_what_was_loaded_is_what_paints(small_network, keras_engine, tmp_path):
    """A training replaces its model now and then, by one of other styles."""
    path = tmp_path / "model.keras"
    save_network(small_network, path)
    engine = OpenVINOEngine(path)
    save_network(TransformNetwork(num_styles=3, width_multiplier=0.2), path)
    picture = make_picture(20, 28)
    for weights in (make_weights(), make_weights(20, 28)):
        np.testing.assert_allclose(
            engine.paint(picture, weights),
            keras_engine.paint(picture, weights),
            atol=2e-4,
        )
        path.unlink(missing_ok=True)
    assert engine.network.get_config() == small_network.get_config()
    for mine, theirs in zip(
        engine.network.get_weights(), small_network.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_a_network_of_magenta_s_is_not_supported(tmp_path):
    network = TransformNetwork(
        num_styles=1,
        width_multiplier=0.1,
        skip_connections=False,
        extend_image=False,
    )
    save_network(network, tmp_path / "magenta.keras")
    assert not load_network(tmp_path / "magenta.keras").extend_image
    with pytest.raises(NotImplementedError):
        OpenVINOEngine(tmp_path / "magenta.keras")


def test_threads_paint_what_one_does(small_model_path):
    engine = OpenVINOEngine(small_model_path)
    calls = [
        (make_picture(16 + i, 40 - i), make_weights(*shape))
        for i in range(8)
        for shape in ((), (16 + i, 40 - i))
    ]
    with futures.ThreadPoolExecutor(4) as workers:
        together = list(workers.map(lambda call: engine.paint(*call), calls))
    for call, painted in zip(calls, together, strict=True):
        np.testing.assert_array_equal(painted, engine.paint(*call))


FIRST_CALLS = """
import sys, threading
import openvino as ov
import multistyle.inference.engines.openvino.engine
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)
def ask():
    together.wait()
    ov.Type.f32.to_dtype()
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
"""


def test_threads_that_begin_at_once_do_not_wait_for_each_other():
    """Left to itself OpenVINO hangs here, three times of four."""
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", FIRST_CALLS],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])},
            check=True,
            timeout=60,
        )


PAINT_MANY_SIZES = """
import ctypes, gc
import numpy as np
from multistyle.inference.engines.openvino.engine import OpenVINOEngine
from multistyle.network.models import find_model

engine = OpenVINOEngine(find_model("paintings-fast"))
weights = np.eye(len(engine.style_names), dtype=np.float32)[0]
sizes = np.random.default_rng(0)

def resident():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

for n in range(240):
    if n == 120:
        before = resident()
    picture = np.zeros((*sizes.integers(64, 320, 2), 3), np.float32)
    engine.paint(picture, weights)
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it asks Linux and glibc")
def test_memory_does_not_grow_with_the_sizes_that_are_painted():
    grown = subprocess.run(
        [sys.executable, "-c", PAINT_MANY_SIZES],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[4]),
            # Else each thread leaves some of its own.
            "MALLOC_ARENA_MAX": "1",
        },
        check=True,
        capture_output=True,
    ).stdout
    # 120 sizes, of which OpenVINO would keep some 0.5 MB each.
    assert int(grown) < 15e6


@pytest.mark.parametrize("model", bundled_models())
def test_the_fingerprint_is_the_keras_network_s(model):
    engine = OpenVINOEngine(find_model(model))
    assert engine.fingerprint == fingerprint(load_network(model))


def test_styles_are_added_without_another_graph(small_model_path, monkeypatch):
    engine = OpenVINOEngine(small_model_path)
    picture, weights = make_picture(24, 37), make_weights()
    area = make_weights(24, 37)
    before = engine.paint(picture, weights), engine.paint(picture, area)
    monkeypatch.setattr(graph_engine, "load_graph", None)
    rows = make_rows(engine.network, 2)
    grown = engine.with_styles(["a"], row_of(rows)).with_styles(
        ["b"], row_of(rows, 1)
    )
    assert grown.style_names == [*engine.style_names, "a", "b"]
    assert engine.style_names == grown.style_names[:3]
    assert grown.fingerprint == engine.fingerprint
    keras_engine = KerasEngine(engine.network).with_styles(["a", "b"], rows)
    new = [np.array([0.2, 0, 0, 0.5, 0.3], np.float32)]
    new.append(np.zeros((24, 37, 5), np.float32) + new[0])
    new[1][:12] = [0, 0, 0, 1, 0]
    for each in new:
        np.testing.assert_allclose(
            grown.paint(picture, each),
            keras_engine.paint(picture, each),
            atol=2e-4,
        )
    # The old styles paint the same pictures to the bit.
    for old, painted in zip((weights, area), before, strict=True):
        old = np.concatenate([old, np.zeros((*old.shape[:-1], 2))], axis=-1)
        again = grown.paint(picture, old.astype(np.float32))
        np.testing.assert_array_equal(again, painted)


def test_the_grown_network_has_the_styles(engine):
    rows = make_rows(engine.network, 2)
    grown = engine.with_styles(["a", "b"], rows)
    network = grown.network
    assert network.style_names == [*engine.style_names, "a", "b"]
    assert network.credits == engine.network.credits
    read = style_rows(network, ["a", "b"])
    for name, pair in rows.items():
        np.testing.assert_array_equal(read[name], pair)
    for name, pair in style_rows(network, network.style_names).items():
        np.testing.assert_array_equal(grown.rows[name], pair)


def test_another_process_can_have_the_same(engine, tmp_path, monkeypatch):
    rows = make_rows(engine.network, 1)
    grown = engine.with_styles(["a"], rows).with_finisher(engine)
    data = pickle.dumps(grown)
    # Nor does it need the cache folder, or so many threads.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    copy = pickle.loads(data)
    (compiled,) = copy._compiled.values()
    assert compiled.get_property("INFERENCE_NUM_THREADS") == 1
    assert copy.style_names == [*engine.style_names, "a"]
    assert copy.fingerprint == engine.fingerprint
    image = np.random.default_rng(0).random((40, 52, 3), np.float32)
    weights = np.float32([0, 0.5, 0, 0.5])
    np.testing.assert_allclose(
        copy.paint(image, weights), grown.paint(image, weights), atol=1e-5
    )
    np.testing.assert_allclose(
        copy.finisher.paint(image, weights[:3]),
        engine.paint(image, weights[:3]),
        atol=1e-5,
    )
    read = style_rows(copy.network, ["a"])
    for name, pair in rows.items():
        np.testing.assert_array_equal(read[name], pair)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["starry_night"], "has a style `starry_night` already"),
        (["a", "a"], "`a` is given twice"),
    ],
)
def test_a_name_that_is_there_is_refused(engine, keras_engine, names, message):
    rows = make_rows(engine.network, len(names))
    for each in (engine, keras_engine):
        with pytest.raises(InputError, match=message):
            each.with_styles(names, rows)


def test_weights_of_nothing_are_no_error(engine):
    picture, nothing = make_picture(12, 12), np.zeros(3, np.float32)
    area = np.zeros((12, 12, 3), np.float32)
    np.testing.assert_array_equal(
        engine.paint(picture, nothing), engine.paint(picture, area)
    )
