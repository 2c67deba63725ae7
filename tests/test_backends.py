"""Trains and paints on each backend of Keras that is installed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SESSION = Path(__file__).with_name("backend_session.py")
BACKENDS = ("tensorflow", "jax", "torch")
COUNTERS = ("iteration", "skipped", "skipped_in_a_row")


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(0)
    weights = np.asarray([0.2, 0.5, 0.3], np.float32)
    left_and_right = np.eye(3, dtype=np.float32)[np.arange(18) // 9]
    colors = [[0, 0, 0], [255, 255, 255], [51, 51, 51], [10, 200, 90]]
    colors = np.asarray(colors, np.float32) / 255
    return {
        "image": random.uniform(0, 1, (1, 13, 18, 3)).astype(np.float32),
        "flat": np.tile(colors[:, None, None, None], (1, 1, 13, 18, 1)),
        "style_weights": weights.reshape(1, 1, 1, 3),
        "style_map": np.tile(left_and_right, (1, 13, 1, 1)),
        "crops": random.uniform(0, 1, (2, 32, 32, 3)).astype(np.float32),
        "crop_styles": np.eye(3, dtype=np.float32)[[0, 2], None, None],
        "paintings": random.uniform(0, 1, (3, 32, 40, 3)).astype(np.float32),
    }


@pytest.fixture(scope="module")
def run_session(small_model_path, data, tmp_path_factory):
    """A function that runs the session on a backend, once for all tests."""
    folder = tmp_path_factory.mktemp("backends")
    np.savez(folder / "data.npz", **data)
    results = {}

    def run(backend):
        if importlib.util.find_spec(backend) is None:
            pytest.skip(f"the backend {backend} is not installed")
        if backend not in results:
            results[backend] = run_in_a_process(
                backend,
                small_model_path,
                folder / "data.npz",
                folder / f"{backend}.npz",
            )
        return results[backend]

    return run


def run_in_a_process(backend, model_path, data_path, results_path):
    process = subprocess.run(
        [sys.executable, SESSION, model_path, data_path, results_path],
        env={
            **os.environ,
            "KERAS_BACKEND": backend,
            "PYTHONPATH": str(SESSION.parents[1]),
            # The sums of a GPU would differ by more than is tested here.
            "CUDA_VISIBLE_DEVICES": "",
            "JAX_PLATFORMS": "cpu",
            # Compiles in less than half the time.
            "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        },
        capture_output=True,
        encoding="utf-8",
    )
    assert process.returncode == 0, process.stderr
    with np.load(results_path) as archive:
        return dict(archive)


@pytest.fixture(params=BACKENDS)
def session(request, run_session):
    session = run_session(request.param)
    assert session["backend"] == request.param
    return session


def state(session, step):
    """Returns {path: array} of all weights and slots after a step."""
    return {
        key.removeprefix(f"{step}/"): value
        for key, value in session.items()
        if key.startswith(f"{step}/") and key.rsplit("/", 1)[-1] not in COUNTERS
    }


def counters(session, step):
    return [
        int(session[f"{step}/guarded_adam/{counter}"]) for counter in COUNTERS
    ]


def assert_all_changed(old, new):
    assert set(old) == set(new)
    unchanged = {key for key in old if np.array_equal(old[key], new[key])}
    assert unchanged == {"guarded_adam/learning_rate"}
    for value in new.values():
        assert np.isfinite(value).all()


def test_a_step_changes_every_weight(session):
    assert np.isfinite(session["loss/good"])
    before, after = state(session, "before"), state(session, "good")
    # 16 blocks of 3 weights, each with two slots and an average.
    assert len(before) == 16 * 3 * 4 + 1
    assert_all_changed(before, after)
    assert counters(session, "good") == [1, 0, 0]


@pytest.mark.parametrize(
    ("step", "previous", "expected"),
    [("nan", "good", [2, 1, 1]), ("huge", "nan", [3, 2, 2])],
)
def test_a_bad_gradient_changes_nothing(session, step, previous, expected):
    assert np.isnan(session["loss/nan"])
    assert 1e20 < session["loss/huge"] < np.inf
    old, new = state(session, previous), state(session, step)
    for key, value in old.items():
        assert value.tobytes() == new[key].tobytes(), key
    assert counters(session, step) == expected


def test_training_goes_on_after_bad_gradients(session):
    old, new = state(session, "huge"), state(session, "good again")
    assert_all_changed(old, new)
    assert counters(session, "good again") == [4, 2, 0]


@pytest.mark.parametrize("kind", ["style_weights", "style_map"])
def test_a_file_paints_the_same_on_each_backend(session, run_session, kind):
    reference = run_session("tensorflow")[f"picture/{kind}"]
    assert reference.shape == (1, 13, 18, 3) and reference.std() > 0.01
    np.testing.assert_allclose(
        session[f"picture/{kind}"], reference, rtol=0, atol=2e-5
    )


@pytest.mark.parametrize("kind", ["style_weights", "style_map"])
def test_all_flat_pictures_are_one_on_each_backend(session, run_session, kind):
    """Rounding, which differs, would be amplified sixteen times."""
    reference = run_session("tensorflow")[f"flat/{kind}"][0]
    for painted in session[f"flat/{kind}"]:
        np.testing.assert_allclose(painted, reference, rtol=0, atol=2e-5)
    if kind == "style_weights":
        assert np.ptp(reference, axis=(1, 2)).max() < 2e-5


def test_a_flat_crop_has_a_gradient(session):
    assert np.isfinite(session["loss/flat"])
    for key, value in state(session, "flat").items():
        assert np.isfinite(value).all(), key
    assert counters(session, "flat") == [5, 2, 0]


def test_a_step_has_the_same_loss_on_each_backend(session, run_session):
    reference = run_session("tensorflow")["loss/good"]
    np.testing.assert_allclose(session["loss/good"], reference, rtol=1e-4)


def test_augmentation_is_the_same_on_each_backend(session, run_session):
    reference = run_session("tensorflow")["augmented/call"]
    assert reference.shape == (2, 32, 32, 3) and reference.std() > 0.01
    for place in ("call", "tf.data"):
        np.testing.assert_allclose(
            session[f"augmented/{place}"], reference, rtol=0, atol=2e-5
        )
    np.testing.assert_allclose(
        session["augmented/kernel"], reference.mean(axis=(0, 1, 2)), rtol=1e-4
    )
    first, second = session["augmented/seeded"]
    np.testing.assert_array_equal(first, second)
    assert first[0].std() > 1
