import json
import os
import subprocess
import sys

import numpy as np
import pytest

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.engines import loading as engines
from multistyle.inference.engines import precision as precisions
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.network.models import find_model, save_network
from multistyle.network.transform import TransformNetwork

HAS_FAST = engines.has_packages()
needs_fast = pytest.mark.skipif(
    not HAS_FAST, reason="The extra `fast` is not installed."
)

# Runs the command line in a process of its own, and says what it imported.
PROGRAM = """
import sys
from multistyle.cli.main import main
code = main(sys.argv[1:])
print(code, *sorted({"keras", "tensorflow", "h5py"} & set(sys.modules)))
"""


def run_program(*arguments, **variables):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **variables},
    )
    return ended.stdout.splitlines(), ended.stderr


@pytest.fixture
def photograph(tmp_path):
    path = tmp_path / "photo.png"
    random = np.random.default_rng(0)
    write_image(path, random.integers(0, 256, (21, 30, 3), np.uint8))
    return path


@needs_fast
def test_painting_from_the_command_line_imports_no_keras(
    small_model_path, photograph, tmp_path
):
    pictures = []
    for name in ("first.png", "second.png"):
        lines, errors = run_program(
            "interpolate",
            str(photograph),
            f"--model={small_model_path}",
            "--style_weights=starry_night",
            f"--output={tmp_path / name}",
        )
        assert lines[0] == str(tmp_path / name)
        assert errors == f"Model: `{small_model_path}`.\n"
        pictures.append(read_image(tmp_path / name))
    # The kept graph needs no arrays of the model's file, either.
    assert lines[-1] == "0"
    np.testing.assert_array_equal(*pictures)


@needs_fast
def test_the_fast_engine_comes_first(small_model_path):
    engine = engines.load_engine(small_model_path)
    assert type(engine).__name__ == "OpenVINOEngine"
    engine = engines.load_engine(small_model_path, engine="openvino")
    assert type(engine).__name__ == "OpenVINOEngine"


def test_keras_may_be_asked_for(small_model_path):
    engine = engines.load_engine(small_model_path, engine="keras")
    assert isinstance(engine, KerasEngine)


@pytest.mark.parametrize("devices", [["gpu:0"], []])
def test_auto_is_keras_where_it_sees_a_gpu(
    small_model_path, monkeypatch, devices
):
    """Where there is a driver, Keras is asked what it sees."""
    import keras

    monkeypatch.setattr(engines, "may_have_gpu", lambda: True)
    monkeypatch.setattr(
        keras.distribution, "list_devices", lambda kind: devices
    )
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    assert engines.keras_sees_gpu() == bool(devices)
    engine = engines.load_engine(small_model_path)
    assert isinstance(engine, KerasEngine) == (bool(devices) or not HAS_FAST)


def test_keras_itself_says_that_it_sees_no_gpu(monkeypatch):
    if engines.may_have_gpu():
        pytest.skip("There may be a GPU here.")
    monkeypatch.setattr(engines, "may_have_gpu", lambda: True)
    assert engines.keras_sees_gpu() is False


@pytest.fixture
def broken_openvino(tmp_path):
    """A folder with a package `openvino` that cannot be imported."""
    package = tmp_path / "broken" / "openvino"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "raise OSError('libopenvino.so: cannot open shared object file')"
    )
    return package.parent


@needs_fast
def test_keras_paints_where_openvino_is_broken(
    small_model_path, photograph, tmp_path, broken_openvino
):
    output = tmp_path / "painted.png"
    lines, errors = run_program(
        "interpolate",
        str(photograph),
        f"--model={small_model_path}",
        "--style_weights=starry_night",
        f"--output={output}",
        PYTHONPATH=str(broken_openvino),
    )
    assert lines[0] == str(output) and lines[-1].startswith("0 ")
    assert read_image(output).shape == (21, 30, 3)
    _, line = errors.splitlines()
    assert line == (
        "multistyle interpolate: OpenVINO cannot be used (libopenvino.so: "
        "cannot open shared object file): Keras paints instead."
    )


@needs_fast
def test_a_broken_openvino_that_is_asked_for_is_refused(
    small_model_path, photograph, broken_openvino
):
    lines, errors = run_program(
        "interpolate",
        str(photograph),
        f"--model={small_model_path}",
        "--style_weights=starry_night",
        "--engine=openvino",
        PYTHONPATH=str(broken_openvino),
    )
    assert lines[-1].startswith("2")
    assert errors.splitlines()[-1].endswith(
        "install it again, or use --engine=keras."
    )


def test_an_unknown_engine_is_refused(small_model_path):
    with pytest.raises(InputError) as caught:
        engines.load_engine(small_model_path, engine="torch")
    assert str(caught.value) == (
        "`engine` is one of auto, openvino, keras; got `torch`."
    )


def test_without_the_extra_keras_paints(small_model_path, monkeypatch):
    monkeypatch.setattr(engines, "_PACKAGES", ("no_such_package",))
    assert engines.load_openvino(small_model_path) is None
    engine = engines.load_engine(small_model_path)
    assert isinstance(engine, KerasEngine)
    with pytest.raises(InputError, match=r"pip install \"multistyle\[fast\]\""):
        engines.load_engine(small_model_path, precision="bfloat16")
    with pytest.raises(InputError, match="`openvino` is not installed"):
        engines.load_engine(small_model_path, engine="openvino")


def test_keras_paints_what_the_graph_cannot(tmp_path):
    network = TransformNetwork(
        num_styles=1,
        width_multiplier=0.1,
        skip_connections=False,
        extend_image=False,
    )
    save_network(network, tmp_path / "magenta.keras")
    engine = engines.load_engine(tmp_path / "magenta.keras")
    assert isinstance(engine, KerasEngine)
    if HAS_FAST:
        with pytest.raises(InputError, match="OpenVINO cannot run the network"):
            engines.load_engine(tmp_path / "magenta.keras", engine="openvino")


def test_each_engine_says_its_precision(small_model_path, monkeypatch):
    monkeypatch.setattr(precisions, "has_bfloat16", lambda: False)
    for engine in engines.ENGINES[:: 1 if HAS_FAST else 2]:
        loaded = engines.load_engine(small_model_path, engine=engine)
        assert loaded.precision == "float32"


@needs_fast
def test_bfloat16_is_taken_where_the_processor_gains(
    small_model_path, monkeypatch
):
    monkeypatch.setattr(precisions, "has_bfloat16", lambda: True)
    taken = []

    def make(path, precision):
        taken.append(precision)
        raise NotImplementedError

    name = "multistyle.inference.engines.openvino.engine.OpenVINOEngine"
    monkeypatch.setattr(name, make)
    # Where OpenVINO cannot run the network, Keras does, in float32.
    assert engines.load_engine(small_model_path).precision == "float32"
    engines.load_engine(small_model_path, precision="float32")
    assert taken == ["bfloat16", "float32"]


@pytest.mark.parametrize("name", ["missing.keras", "broken.keras"])
def test_a_file_that_is_no_model_is_refused(tmp_path, name):
    (tmp_path / "broken.keras").write_text(json.dumps({}))
    with pytest.raises(InputError, match=name):
        engines.load_engine(tmp_path / name)


def test_a_finisher_is_loaded_with_its_model_and_as_it_is(
    tmp_path, monkeypatch
):
    path = tmp_path / "own.keras"
    network = TransformNetwork(
        ["udnie"], width_multiplier=0.05, finisher="narrow.keras"
    )
    save_network(network, path)
    narrow = TransformNetwork(["udnie"], width_multiplier=0.03)
    save_network(narrow, tmp_path / "narrow.keras")
    loaded = []
    load_keras = engines.load_keras

    def load(path, **options):
        loaded.append(path.name)
        return load_keras(path, **options)

    monkeypatch.setattr(engines, "load_keras", load)
    engine = engines.load_engine(path, engine="keras")
    assert loaded == ["own.keras"]
    assert engine.finisher.style_names == ["udnie"]
    assert engine.finisher.network.width_multiplier == 0.03
    assert loaded == ["own.keras", "narrow.keras"]
    # Without it the model paints by itself, and says so.
    (tmp_path / "narrow.keras").unlink()
    with pytest.warns(InputWarning, match="which is not there"):
        assert engines.load_engine(path, engine="keras").finisher is None


def test_the_fast_bundled_model_finishes_for_the_other():
    engine = engines.load_engine(find_model("paintings"))
    finisher = engine.finisher
    assert set(engine.style_names) <= set(finisher.style_names)
    fast = engines.load_engine(find_model("paintings-fast"))
    assert finisher.fingerprint == fast.fingerprint
    assert fast.finisher is None
