"""The machine: its cores, its memory, and what runs networks on it."""

import json
import os
import platform
from typing import Any

from multistyle.files.homes import keras_home
from multistyle.inference.engines.loading import has_packages, may_have_gpu
from multistyle.inference.passes.memory import free_memory
from multistyle.inference.runs.processors import count_processors
from multistyle.installation.packages import find_version
from multistyle.perceptual.precision import has_bfloat16

BACKENDS = ("tensorflow", "jax", "torch")


def describe_machine() -> dict[str, Any]:
    """Returns what the machine is, a dict for JSON."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": count_processors(),
        "bfloat16": has_bfloat16(),
        "gpu_driver": may_have_gpu(),
        "free_memory": free_memory(),
    }


def list_backends() -> dict[str, str | None]:
    """Returns the version of each backend of Keras; None of missing ones."""
    return {name: find_version(name) for name in BACKENDS}


def chosen_backend() -> str:
    """Returns the backend that Keras is told to compute on.

    By the environment variable KERAS_BACKEND, else by Keras' own file.
    """
    try:
        config = json.loads((keras_home() / "keras.json").read_text("utf-8"))
        kept = config.get("backend")
    except (AttributeError, OSError, ValueError):
        kept = None
    return os.environ.get("KERAS_BACKEND") or kept or "tensorflow"


def list_engines() -> dict[str, str | None]:
    """Returns the version of what each engine runs on; None of missing ones."""
    openvino = find_version("openvino") if has_packages() else None
    return {"openvino": openvino, "keras": find_version("keras")}
