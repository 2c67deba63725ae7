"""The number format of a computation: which one this machine gains from."""

import platform
from pathlib import Path

from multistyle.choices import check_choice

PRECISIONS = ("auto", "float32", "bfloat16")

# Processor flags with which bfloat16 convolutions were measured to be faster
# (1.6x with the first).
BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16")


def choose_precision(precision: str = "auto") -> str:
    """Chooses the number format in which losses and networks compute.

    Args:
        precision: one of `PRECISIONS`; "auto" is bfloat16 where the
            GPU or the processor gains from it, else float32.

    Returns:
        "float32" or "bfloat16".

    Raises:
        InputError: for another precision.
    """
    check_choice("precision", precision, PRECISIONS)
    if precision != "auto":
        return precision
    if is_accelerated():
        return "bfloat16"
    # Late, so that a command's help does not wait for Keras.
    import keras

    if keras.backend.backend() == "tensorflow" and has_bfloat16():
        return "bfloat16"
    return "float32"


def is_accelerated() -> bool:
    """Returns whether Keras computes on a GPU or TPU here."""
    import keras  # Late, see above.

    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.is_available()
    return any(
        not device.lower().startswith("cpu")
        for device in keras.distribution.list_devices()
    )


def has_bfloat16() -> bool:
    """Returns whether the processor gains from bfloat16; on Linux alone."""
    if platform.system() != "Linux":
        return False
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
    return any(flag in flags for flag in BFLOAT16_FLAGS)
