"""Trains on JAX by several devices and processes, beside one."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.training.distribution.job import LOST, VARIABLES
from multistyle.training.distribution.workers import join_workers
from multistyle.training.network_training import run_training

pytest.importorskip("jax")

SESSION = Path(__file__).with_name("workers_session.py")
REPOSITORY = Path(__file__).parents[3]
NUM_STEPS = 20
# Against hanging, on a machine that does much else.
SECONDS = 600


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Variables for a process that runs Keras on JAX, on processors."""
    return {
        **{k: v for k, v in os.environ.items() if k not in VARIABLES},
        "KERAS_BACKEND": "jax",
        "PYTHONPATH": str(REPOSITORY),
        "JAX_PLATFORMS": "cpu",
        # Compiles in less than half the time, and once for several runs.
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        "JAX_COMPILATION_CACHE_DIR": str(tmp_path_factory.mktemp("compiled")),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }


@pytest.fixture(scope="module")
def train_command(pictures):
    def command(run_dir, *flags):
        return [
            *(sys.executable, "-m", "multistyle", "train"),
            f"--style_images={pictures / 'paintings'}",
            f"--content_images={pictures / 'photographs'}",
            f"--run_dir={run_dir}",
            f"--steps={NUM_STEPS}",
            "--batch_size=4",
            "--image_size=32",
            "--style_size=48",
            "--width_multiplier=0.25",
            "--init_from=none",
            "--loss_network=pocket",
            "--precision=float32",
            "--lattice_loss_weight=0",
            # Roundings grow from step to step, and faster at larger rates.
            "--learning_rate=0.00005",
            "--checkpoint_every=5",
            *flags,
        ]

    return command


class Workers:
    """Two processes of one job."""

    def __init__(self, commands, environment):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        values = (f"127.0.0.1:{port}", str(len(commands)))
        self.processes = [
            subprocess.Popen(
                command,
                env={
                    **environment,
                    **dict(zip(VARIABLES, (*values, str(i)), strict=True)),
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
            for i, command in enumerate(commands)
        ]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for process in self.processes:
            process.kill()
            process.communicate()

    def wait(self):
        """Returns (exit status, standard output, standard error) of each."""
        return [
            (process.wait(SECONDS), *process.communicate())
            for process in self.processes
        ]


def read_metrics(run_dir):
    path = run_dir / "metrics.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def assert_same_training(run_dir, other):
    found, expected = read_metrics(run_dir), read_metrics(other)
    steps = list(range(1, NUM_STEPS + 1))
    assert [record["step"] for record in found] == steps
    assert [record["step"] for record in expected] == steps
    for term in ("content_loss", "style_loss", "total_loss"):
        np.testing.assert_allclose(
            [record[term] for record in found],
            [record[term] for record in expected],
            rtol=0,
            atol=1e-3,
        )
    name = f"step_{NUM_STEPS:08d}.npz"
    assert (run_dir / "checkpoints" / name).exists()


@pytest.fixture(scope="module")
def one_process(train_command, environment, tmp_path_factory):
    """The run folder of a training by one device."""
    folder = tmp_path_factory.mktemp("one") / "run"
    subprocess.run(
        train_command(folder), env=environment, check=True, timeout=SECONDS
    )
    return folder


def test_two_devices_train_as_one(
    one_process, train_command, environment, tmp_path
):
    subprocess.run(
        train_command(tmp_path / "run", "--distribute=data_parallel"),
        env={**environment, "JAX_NUM_CPU_DEVICES": "2"},
        check=True,
        timeout=SECONDS,
    )
    facts = json.loads((tmp_path / "run/options.json").read_text())
    assert facts["distribution"] == {"num_workers": 1, "num_devices": 2}
    assert_same_training(tmp_path / "run", one_process)


def test_two_processes_of_which_one_is_killed_train_as_one(
    one_process, train_command, environment, tmp_path
):
    commands = [
        train_command(tmp_path / f"run_{i}", "--distribute=data_parallel")
        for i in range(2)
    ]
    with Workers(commands, environment) as workers:
        end = time.monotonic() + SECONDS
        while len(read_metrics(tmp_path / "run_0")) < 7:
            assert time.monotonic() < end, "the training does not start"
            assert workers.processes[0].poll() is None, workers.wait()
            time.sleep(0.005)
        workers.processes[1].kill()
        killed = time.monotonic()
        (status, output, error), (other_status, *_) = workers.wait()
        assert time.monotonic() - killed < 120
    assert other_status == -signal.SIGKILL
    assert status not in (0, None) and not output
    lines = error.splitlines()
    assert lines[-1].removeprefix("multistyle train: ") == LOST
    assert not any("Traceback" in line or "jax" in line for line in lines)

    with Workers(commands, environment) as workers:
        (status, output, error), other = workers.wait()
    assert status == 0, error
    assert "Going on from step" in error
    assert output.splitlines()[0] == str(tmp_path / "run_0" / "model.keras")
    # The first alone writes and says what was written.
    assert other[:2] == (0, "")
    assert not (tmp_path / "run_1").exists()
    assert_same_training(tmp_path / "run_0", one_process)


def test_workers_of_other_flags_end_by_a_line_each(
    train_command, environment, tmp_path
):
    commands = [
        train_command(
            tmp_path / "run", f"--seed={i}", "--distribute=data_parallel"
        )
        for i in range(2)
    ]
    with Workers(commands, environment) as workers:
        for status, output, error in workers.wait():
            assert (status, output) == (1, "")
            assert error.splitlines()[-1] == (
                "multistyle train: Worker 1 has other flags than worker 0: "
                "each machine needs the same files, flags and packages."
            )
            assert "Traceback" not in error
    assert not (tmp_path / "run").exists()


def test_what_workers_tell_each_other(environment, tmp_path):
    paths = [tmp_path / f"{i}.json" for i in range(2)]
    commands = [[sys.executable, SESSION, path] for path in paths]
    with Workers(commands, environment) as workers:
        for status, _, error in workers.wait():
            assert status == 0, error
    results = [json.loads(path.read_text("utf-8")) for path in paths]
    numbers = [result.pop("number") for result in results]
    assert numbers == [0, 1]
    assert [result.pop("is_first") for result in results] == [True, False]
    assert [result.pop("together") for result in results] == [
        "Worker 1 cannot go on: its disk is gone.",
        "its disk is gone.",
    ]
    assert results[0] == results[1]
    gathered = results[0]["gathered"]
    assert gathered == [{"number": i, "x": "é" * 9000} for i in range(2)]
    assert results[0]["text"] == "2 devices of 2 workers"
    assert results[0]["shared"] == "0700ff"
    assert results[0]["shared nothing"] is None
    assert results[0]["any"] == [False, True]
    assert results[0]["agreed"] is None
    assert "Worker 1 has other seeds" in results[0]["not agreed"]
    even, odd, shifted = results[0]["shares"]
    assert even is None
    assert odd.endswith("give a multiple of 2.")
    assert shifted.endswith("with a stability loss: give a multiple of 8.")


def test_a_process_of_one_device_is_alone():
    workers = join_workers("none")
    assert (workers.is_first, workers.num_devices) == (True, 1)
    assert workers.gather("x") == ["x"] and workers.share(b"x") == b"x"
    assert workers.any(True) and not workers.any(False)
    with pytest.raises(InputError, match="^gone$"), workers.together():
        raise InputError("gone")
    with pytest.raises(ValueError, match="Gloo"), workers.noticing_loss():
        raise ValueError("Gloo is no worker's here.")


def test_another_backend_is_told_what_to_set(small_options):
    import keras

    if keras.backend.backend() == "jax":
        pytest.skip("Keras runs on JAX.")
    options = small_options(distribute="data_parallel")
    with pytest.raises(InputError, match="variable KERAS_BACKEND=jax"):
        run_training(options)
    assert not Path(options.run_dir).exists()
