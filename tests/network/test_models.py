import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import multistyle
from multistyle.errors import InputError
from multistyle.network import models
from multistyle.network.models import (
    bundled_models,
    find_model,
    identify_model,
    load_network,
    make_network,
    model_card,
    save_network,
)
from multistyle.network.stored_weights import read_weights
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

LOAD_IN_A_FRESH_PROCESS = """
import sys
import numpy as np
import multistyle

network = multistyle.load_network(sys.argv[1])
inputs = dict(np.load(sys.argv[2]))
picture, _ = network.measure(inputs)
np.save(sys.argv[3], np.asarray(picture))
print(network.style_names, network.credits)
"""


@pytest.fixture
def bundled(small_network, tmp_path, monkeypatch):
    """A folder of bundled models that holds `paintings` and `etchings`."""
    monkeypatch.setattr(models, "BUNDLED_FOLDER", tmp_path)
    for name in ("paintings", "etchings"):
        save_network(small_network, tmp_path / f"{name}.keras")
        card = tmp_path / f"{name}.json"
        card.write_text(json.dumps({"steps": 7, "description": name}), "utf-8")
    return tmp_path


def test_a_saved_network_comes_back(small_network, small_model_path):
    loaded = load_network(small_model_path)
    assert isinstance(loaded, TransformNetwork)
    assert loaded.get_config() == small_network.get_config()
    for mine, theirs in zip(
        loaded.get_weights(), small_network.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_a_network_made_of_arrays_is_the_loaded_one(small_model_path):
    made = make_network(read_weights(small_model_path))
    loaded = load_network(small_model_path)
    assert made.get_config() == loaded.get_config()
    for mine, theirs in zip(
        made.get_weights(), loaded.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_a_fresh_process_paints_the_same(
    small_network, small_model_path, tmp_path
):
    random = np.random.default_rng(0)
    inputs = {
        "image": random.uniform(0, 1, (1, 13, 18, 3)).astype(np.float32),
        "style_weights": np.asarray([[0.2, 0.5, 0.3]], np.float32),
    }
    np.savez(tmp_path / "inputs.npz", **inputs)
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            LOAD_IN_A_FRESH_PROCESS,
            small_model_path,
            tmp_path / "inputs.npz",
            tmp_path / "picture.npy",
        ],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(multistyle.__file__).parents[1]),
            "KERAS_BACKEND": keras.config.backend(),
        },
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == (
        f"{small_network.style_names} {small_network.credits}"
    )
    np.testing.assert_array_equal(
        np.load(tmp_path / "picture.npy"),
        keras.ops.convert_to_numpy(small_network(inputs)),
    )


def test_half_precision_is_half_the_size(
    small_network, small_model_path, tmp_path
):
    path = tmp_path / "half.keras"
    save_network(small_network, path, half_precision=True)
    assert path.stat().st_size < small_model_path.stat().st_size / 2
    loaded = load_network(path)
    assert {w.dtype for w in loaded.weights} == {"float32"}
    assert loaded.get_config() == small_network.get_config()
    assert fingerprint(loaded) == fingerprint(small_network)
    for mine, theirs in zip(
        loaded.get_weights(), small_network.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs.astype(np.float16))


def test_the_file_s_policy_is_float32(small_network, tmp_path):
    config = {**small_network.get_config(), "dtype": "mixed_bfloat16"}
    mixed = TransformNetwork.from_config(config)
    mixed.set_weights(small_network.get_weights())
    save_network(mixed, tmp_path / "mixed.keras")
    loaded = load_network(tmp_path / "mixed.keras")
    assert loaded.get_config() == small_network.get_config()
    assert {layer.compute_dtype for layer in loaded.blocks} == {"float32"}
    assert mixed.compute_dtype == "bfloat16"


def test_saving_replaces_a_file_whole(small_network, tmp_path):
    path = tmp_path / "runs" / "model.keras"
    path.parent.mkdir()
    path.write_bytes(b"the one before")
    save_network(small_network, path)
    load_network(path)
    assert list(path.parent.iterdir()) == [path]


def test_only_a_model_s_name_is_written(small_network, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"a photograph")
    with pytest.raises(InputError, match=r"must have the suffix \.keras"):
        save_network(small_network, path)
    assert path.read_bytes() == b"a photograph"


def test_files_that_are_no_network_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    with pytest.raises(
        InputError, match=r"no model file or run folder `.*model\.keras`"
    ):
        load_network(path)
    path.write_text("not a model")
    with pytest.raises(InputError, match=r"`.*` cannot be read as a model"):
        load_network(path)
    keras.Sequential([keras.layers.Dense(1)]).save(path)
    with pytest.raises(InputError, match=r"holds a `Sequential`"):
        load_network(path)


def test_a_file_that_brings_code_is_refused(tmp_path):
    """A lambda in a file could do anything; Keras never sees it."""
    path = tmp_path / "model.keras"
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Lambda(lambda x: x + 1)]
    )
    model.save(path)
    with pytest.raises(InputError, match=r"it holds a `Sequential`"):
        load_network(path)


def test_finds_files_run_folders_and_names(bundled, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    model = run / "model.keras"
    model.touch()
    assert find_model(run) == model
    assert find_model(str(model)) == model
    assert find_model("paintings") == bundled / "paintings.keras"


def test_the_home_folder_may_be_meant(small_network, tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    model = tmp_path / "runs" / "mine" / "model.keras"
    save_network(small_network, model)
    assert find_model("~/runs/mine") == model
    assert find_model("~/runs/mine/model.keras") == model
    network = load_network("~/runs/mine/model.keras")
    assert network.style_names == small_network.style_names


def test_a_model_at_a_path_wins_over_a_name(bundled, tmp_path, monkeypatch):
    (tmp_path / "here" / "paintings").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    # A folder of pictures that is called as a bundled model hides none.
    assert find_model("paintings") == bundled / "paintings.keras"
    Path("paintings", "model.keras").touch()
    assert find_model("paintings") == Path("paintings", "model.keras")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("painting", r"no model `painting`:.*\(`paintings`\)"),
        ("xyz", r"no model `xyz`:.*\(`etchings`, `paintings`\)"),
        ("xyz.keras", r"no model file or run folder `xyz\.keras`"),
        (os.path.join("runs", "x"), "no model file or run folder `runs.x`"),
    ],
)
def test_missing_models_are_named(bundled, spec, message):
    with pytest.raises(InputError, match=message):
        find_model(spec)


def test_a_run_without_a_model_is_named(tmp_path):
    with pytest.raises(InputError, match=r"holds no `model\.keras`"):
        find_model(tmp_path)


def test_bundled_models_and_their_cards(bundled):
    assert bundled_models() == {
        "etchings": bundled / "etchings.keras",
        "paintings": bundled / "paintings.keras",
    }
    assert model_card("paintings")["steps"] == 7
    with pytest.raises(InputError, match="no model `painting`"):
        model_card("painting")


@pytest.mark.parametrize("name", bundled_models())
def test_what_comes_with_the_package_loads(name):
    network = load_network(bundled_models()[name])
    assert set(network.credits) == set(network.style_names)
    card = model_card(name)
    fields = {"description", "data", "steps", "losses", "licence", "command"}
    assert fields <= set(card)


def test_identify_model_tells_retrained_ones_apart(tmp_path):
    mine = tmp_path / "mine.keras"
    first, second = (tmp_path / name / "model.keras" for name in "ab")
    for path in (mine, first, second):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a network")
    name, digest = identify_model(first).split("@")
    assert (name, len(digest)) == ("a", 12)
    assert identify_model(second) == f"b@{digest}"
    assert identify_model(mine) == f"mine@{digest}"
    first.write_bytes(b"another")
    assert identify_model(first) != f"a@{digest}"
