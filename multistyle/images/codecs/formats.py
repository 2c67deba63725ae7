"""Picture formats: suffixes, and what a file of each can hold."""

import importlib.util
import os
from pathlib import Path
from typing import Any

from PIL import features

from multistyle.errors import InputError

# What can be written.
FORMATS_BY_SUFFIX = {
    ".avif": "AVIF",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".jpeg": "JPEG",
    ".jpg": "JPEG",
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
}
# Formats of cameras and telephones. What is made of them is a JPEG.
CAMERA_FORMATS = ("HEIF", "MPO")
CAMERA_SUFFIXES = (".heic", ".heif", ".hif", ".mpo")
# A file of these counts as a picture, whether or not it can be read here.
IMAGE_SUFFIXES = (*FORMATS_BY_SUFFIX, *CAMERA_SUFFIXES, ".jfif", ".pgm", ".ppm")

ALPHA_FORMATS = ("AVIF", "GIF", "PNG", "TIFF", "WEBP")
ANIMATION_FORMATS = ("GIF", "PNG", "WEBP")
DEEP_FORMATS = ("PNG", "TIFF")
SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 90, "subsampling": "4:4:4"},
    "JPEG": {"quality": 95, "subsampling": "4:4:4"},
    "TIFF": {"compression": "tiff_adobe_deflate"},
    "WEBP": {"quality": 95},
}


def pillow_formats() -> tuple[str, ...]:
    """Returns the formats that Pillow reads here, by its names.

    No others: Pillow would hand a PostScript file to another program.
    """
    formats = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
    return (*formats, "AVIF") if has_avif() else formats


def read_formats() -> tuple[str, ...]:
    """Returns the formats that can be read."""
    formats = pillow_formats()
    return (*formats, "HEIF") if has_heif() else formats


def has_avif() -> bool:
    """Whether this Pillow reads and writes AVIF."""
    # Before 11.3 it does not know the name either, and says so by a warning.
    return "avif" in features.modules and bool(features.check("avif"))


def has_heif() -> bool:
    """Whether the package is there that reads HEIC and HEIF."""
    return importlib.util.find_spec("pillow_heif") is not None


def without_avif(name: str | os.PathLike[str]) -> InputError:
    """Returns an error that says that `name` needs another Pillow."""
    return InputError(
        f"`{name}` is an AVIF picture, for which this Pillow has no library: "
        'pip install "pillow>=11.3".'
    )


def without_heif(name: str | os.PathLike[str]) -> InputError:
    """Returns an error that says that `name` needs the extra `photos`."""
    return InputError(
        f"`{name}` is a HEIC or HEIF picture, which needs another package: "
        'pip install "multistyle[photos]".'
    )


def format_of(path: str | os.PathLike[str]) -> str:
    """Returns the format that a path's suffix stands for, such as "PNG".

    Raises:
        InputError: if it stands for none that can be written here.
    """
    try:
        name = FORMATS_BY_SUFFIX[Path(path).suffix.lower()]
    except KeyError:
        raise InputError(
            f"`{path}` names no picture format: use one of "
            f"{', '.join(FORMATS_BY_SUFFIX)}."
        ) from None
    if name == "AVIF" and not has_avif():
        raise without_avif(path)
    return name


def suffix_of(format: str) -> str:
    """Returns the suffix for what is made of a picture of some format.

    Args:
        format: as Pillow has it, such as "JPEG".

    Returns:
        The format's own, such as ".jpg", if it can be written; ".jpg" for
        `CAMERA_FORMATS`; ".png" for others.
    """
    name = "JPEG" if format in CAMERA_FORMATS else format
    suffixes = [
        suffix
        for suffix in FORMATS_BY_SUFFIX
        if FORMATS_BY_SUFFIX[suffix] == name
    ]
    return min(suffixes, key=len, default=".png")


def writable_name(path: str | os.PathLike[str]) -> str:
    """Returns a path whose suffix names a format that can be written.

    Args:
        path: of a picture.

    Returns:
        The path, with ".jpg" added for `CAMERA_SUFFIXES`, and ".png" where
        its suffix stands for no other format that can be written.
    """
    try:
        format_of(path)
    except InputError:
        is_camera_s = Path(path).suffix.lower() in CAMERA_SUFFIXES
        return f"{path}{'.jpg' if is_camera_s else '.png'}"
    return str(path)
