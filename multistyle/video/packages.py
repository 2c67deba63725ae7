"""The packages that films need, imported late; they are an extra."""

import functools
import importlib
import os
import sys
from typing import Any

from multistyle.errors import InputError

# FFmpeg's names of formats that name other files, addresses or devices.
_LEADING_ELSEWHERE = {
    *("concat", "dash", "hds", "hls", "image2", "imf", "webm_dash_manifest"),
    *("sap", "sdp", "rtp", "rtsp", "vobsub"),
    *("alsa", "fbdev", "kmsgrab", "lavfi", "oss", "video4linux2,v4l2"),
    *("avfoundation", "dshow", "gdigrab", "vfwcap", "x11grab", "xcbgrab"),
}


def import_av() -> Any:
    """Returns PyAV, which reads and writes films.

    Raises:
        InputError: if it is not installed; the message says how to.
    """
    return _import("av")


def open_film_file(path: str | os.PathLike[str]) -> Any:
    """Opens a film's file for reading, and nothing else that it may name.

    FFmpeg by itself takes `http:a.mp4` for an address, even where a file bears
    that name, and follows playlists to other files.

    Args:
        path: of a file.

    Returns:
        PyAV's container.

    Raises:
        av.error.FFmpegError: if it is no film that FFmpeg reads by itself.
    """
    options = {"protocol_whitelist": "file", "format_whitelist": _formats()}
    return import_av().open(f"file:{os.fspath(path)}", options=options)


def open_film_pipe() -> Any:
    """Opens a film that comes through the standard input, as above."""
    options = {"protocol_whitelist": "pipe", "format_whitelist": _formats()}
    return import_av().open("pipe:0", options=options)


@functools.cache
def _formats() -> str:
    """Returns FFmpeg's names of what is read from one file."""
    formats = import_av().formats_available
    return ",".join(sorted(set(formats) - _LEADING_ELSEWHERE))


def import_cv2() -> Any:
    """Returns OpenCV, which estimates motion and reads cameras.

    Raises:
        InputError: if it is not installed; the message says how to.
    """
    # Or its own lines stand beside our one. It is read once, at the import.
    if "cv2" not in sys.modules:
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
