"""Which engine runs a model: OpenVINO or Keras."""

import functools
import importlib.metadata
import importlib.util
import os
import sys
import warnings
from pathlib import Path

from multistyle.choices import check_choice
from multistyle.errors import InputError, InputWarning
from multistyle.inference.engines.engine import Engine
from multistyle.inference.engines.later_engine import LaterEngine
from multistyle.inference.engines.precision import (
    choose_precision,
)
from multistyle.network.finishers import find_finisher
from multistyle.network.models import unreadable
from multistyle.perceptual.precision import PRECISIONS

ENGINES = ("auto", "openvino", "keras")
# What the extra `fast` brings.
_PACKAGES = ("openvino",)
# What the drivers of graphics cards put into the file system.
_DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")


def load_engine(
    path: str | os.PathLike,
    *,
    precision: str = "auto",
    engine: str = "auto",
) -> Engine:
    """Loads the engine for a model.

    Its finisher, where the model's file names one, is loaded when it is first
    needed.

    Args:
        path: of a `.keras` file.
        precision: "float32"; "bfloat16" for convolutions in it; or "auto":
            bfloat16 where the engine is OpenVINO and the processor gains.
        engine: "openvino"; "keras", on a GPU where its backend sees one; or
            "auto": Keras where it sees a GPU, else OpenVINO where the extra
            `fast` is installed, else Keras.

    Raises:
        InputError: if the file holds no network, if there is no such engine,
            or none of that precision on this machine.
    """
    found = load_openvino(path, precision=precision, engine=engine)
    if found is None:
        found = load_keras(path, precision=precision)
    finisher = find_finisher(path)
    if finisher is None:
        return found
    load = functools.partial(
        load_engine, finisher, precision=precision, engine=engine
    )
    return found.with_finisher(LaterEngine(load))


def load_openvino(
    path: str | os.PathLike,
    *,
    precision: str = "auto",
    engine: str = "auto",
) -> Engine | None:
    """Loads the engine that needs no Keras, where it is the one to paint.

    Args:
        path, precision, engine: see `load_engine`.

    Returns:
        An `OpenVINOEngine`, or None where Keras is to paint: by `engine`,
        because Keras sees a GPU, because the extra `fast` is not installed or
        broken (which an `InputWarning` says), or because the network is none
        that OpenVINO can run.

    Raises:
        InputError: for an engine or a precision that there is not.
    """
    check_choice("engine", engine, ENGINES)
    check_choice("precision", precision, PRECISIONS)
    is_asked_for = engine == "openvino"
    if engine == "keras" or (not is_asked_for and keras_sees_gpu()):
        return None
    if not has_packages():
        if is_asked_for:
            raise InputError(
                '`openvino` is not installed: `pip install "multistyle[fast]"`.'
            )
        return None
    try:
        # Late: it is an extra.
        from multistyle.inference.engines.openvino.engine import OpenVINOEngine

        return OpenVINOEngine(path, choose_precision(precision))
    except InputError:
        raise
    except NotImplementedError as error:
        if isinstance(error.__cause__, ValueError):  # Nor can Keras read it.
            raise unreadable(path, error.__cause__) from error
        if is_asked_for:
            raise InputError(
                f"OpenVINO cannot run the network of `{path}`: use "
                "--engine=keras."
            ) from None
        return None
    except Exception as error:
        # What a broken installation raises depends on where it is broken.
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"OpenVINO cannot be used ({reason})"
        if is_asked_for:
            raise InputError(
                f"{message}: install it again, or use --engine=keras."
            ) from error
        warnings.warn(
            f"{message}: Keras paints instead.", InputWarning, stacklevel=2
        )
        return None


def load_keras(path: str | os.PathLike, *, precision: str = "auto") -> Engine:
    """Loads the engine that runs every network, on Keras' backend.

    Args:
        path: see `load_engine`.
        precision: "float32", or "auto", which is the same here.

    Raises:
        InputError: for "bfloat16", and if the file holds no network.
    """
    if precision == "bfloat16":
        raise InputError(
            f"`{precision}` needs the fast engine, and here Keras paints by "
            f"`{path}`: do not choose `keras`, install the fast one by `pip "
            'install "multistyle[fast]"`, or use `float32`.'
        )
    # Late: they take seconds.
    from multistyle.inference.engines.keras_engine import KerasEngine
    from multistyle.network.models import load_network

    return KerasEngine(load_network(path))


def has_packages() -> bool:
    """Says whether the extra `fast` is installed."""
    return all(map(importlib.util.find_spec, _PACKAGES))


def may_have_gpu() -> bool:
    """Says whether there is a driver of a GPU, without importing Keras."""
    if any(Path(driver).exists() for driver in _DRIVERS):
        return True
    if sys.platform == "win32":
        system = os.environ.get("SYSTEMROOT", r"C:\Windows")
        return Path(system, "System32", "nvcuda.dll").exists()
    return sys.platform == "darwin" and any(
        map(_is_installed, ("tensorflow-metal", "jax-metal"))
    )


def keras_sees_gpu() -> bool:
    """Says whether Keras' backend has a GPU; imports it if there may be one."""
    if not may_have_gpu():
        return False
    import keras

    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.is_available()
    try:
        return bool(keras.distribution.list_devices("gpu"))
    except RuntimeError:  # JAX's, where there is none.
        return False


def _is_installed(distribution):
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
