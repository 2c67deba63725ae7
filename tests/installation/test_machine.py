import json
import os

import pytest

from multistyle.inference.runs.processors import count_processors
from multistyle.installation.machine import (
    chosen_backend,
    describe_machine,
    list_backends,
    list_engines,
)


def test_the_machine_is_described_for_json():
    machine = json.loads(json.dumps(describe_machine()))
    assert 1 <= machine["cores"] == count_processors() <= os.cpu_count()
    assert machine["free_memory"] > 10**7
    assert {type(machine[name]) for name in ("bfloat16", "gpu_driver")} == {
        bool
    }


def test_what_is_not_installed_has_no_version(monkeypatch):
    assert list(list_backends()) == ["tensorflow", "jax", "torch"]
    assert list_engines()["keras"].startswith("3.")
    monkeypatch.setattr(
        "multistyle.installation.machine.has_packages", lambda: False
    )
    assert list_engines()["openvino"] is None


@pytest.mark.parametrize(
    ("variable", "file", "chosen"),
    [
        (None, None, "tensorflow"),
        (None, '{"backend": "jax"}', "jax"),
        ("torch", '{"backend": "jax"}', "torch"),
        (None, "no JSON", "tensorflow"),
        (None, "[]", "tensorflow"),
    ],
)
def test_the_backend_is_that_of_keras(
    variable, file, chosen, tmp_path, monkeypatch
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if variable:
        monkeypatch.setenv("KERAS_BACKEND", variable)
    if file:
        (tmp_path / "keras.json").write_text(file, "utf-8")
    assert chosen_backend() == chosen
