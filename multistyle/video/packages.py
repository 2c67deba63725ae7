"""The packages that films need, imported late; they are an extra."""

import importlib
import os
from typing import Any

from multistyle.errors import InputError


def import_av() -> Any:
    """Returns PyAV, which reads and writes films.

    Raises:
        InputError: if it is not installed; the message says how to.
    """
    return _import("av")


def import_cv2() -> Any:
    """Returns OpenCV, which estimates motion and reads cameras.

    Raises:
        InputError: if it is not installed; the message says how to.
    """
    # Or its own lines stand beside our one. It is read once, at the import.
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    return _import("cv2")


def import_pyvirtualcam() -> Any:
    """Returns pyvirtualcam, which other programs see as a camera.

    Raises:
        InputError: if it is not installed; the message says how to.
    """
    return _import("pyvirtualcam", "A virtual camera needs", "camera")


def _import(name, needs="Films need", extra="video"):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InputError(
            f"{needs} the package `{name}`, which is not installed: "
            f'`pip install "multistyle[{extra}]"`.'
        ) from error
