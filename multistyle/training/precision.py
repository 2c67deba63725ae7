"""The number format of a training: what this machine gains from."""

import platform
from pathlib import Path

import keras

# Processor flags with which bfloat16 convolutions were measured to be faster
# (1.6x with the first).
BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16")


def choose_precision(precision="auto"):
    """Chooses the compute dtype of a training.

    Args:
        precision: "float32", "bfloat16", or "auto": bfloat16 where the GPU
            or the processor gains from it.

    Returns:
        "float32" or "bfloat16".
    """
    if precision != "auto":
        return precision
    if is_accelerated():
        return "bfloat16"
    if keras.backend.backend() == "tensorflow" and _has_bfloat16():
        return "bfloat16"
    return "float32"


def is_accelerated():
    """Returns whether Keras computes on a GPU or TPU here."""
    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.is_available()
    return any(
        not device.lower().startswith("cpu")
        for device in keras.distribution.list_devices()
    )


def _has_bfloat16():
    if platform.system() != "Linux":
        return False
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
    return any(flag in flags for flag in BFLOAT16_FLAGS)
