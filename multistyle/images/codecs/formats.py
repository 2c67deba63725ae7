"""Picture formats: suffixes, and what a file of each can hold."""

from pathlib import Path

from PIL import features

from multistyle.errors import InputError

FORMATS = {
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
IMAGE_SUFFIXES = (*FORMATS, ".jfif", ".pgm", ".ppm")

ALPHA_FORMATS = ("AVIF", "GIF", "PNG", "TIFF", "WEBP")
ANIMATION_FORMATS = ("GIF", "WEBP")
DEEP_FORMATS = ("PNG", "TIFF")
SAVE_OPTIONS = {
    "AVIF": {"quality": 90, "subsampling": "4:4:4"},
    "JPEG": {"quality": 95, "subsampling": "4:4:4"},
    "TIFF": {"compression": "tiff_adobe_deflate"},
    "WEBP": {"quality": 95},
}


def read_formats():
    """Returns the names of the formats that can be read.

    No others: Pillow would hand a PostScript file to another program.
    """
    formats = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
    return (*formats, "AVIF") if has_avif() else formats


def has_avif():
    """Whether this Pillow reads and writes AVIF."""
    # Before 11.3 it does not know the name either, and says so by a warning.
    return "avif" in features.modules and features.check("avif")


def without_avif(name):
    """Returns an `InputError` that says that `name` needs another Pillow."""
    return InputError(
        f"`{name}` is an AVIF picture, for which this Pillow has no library: "
        'pip install "pillow>=11.3".'
    )


def format_of(path):
    """Returns the format that a path's suffix stands for, such as "PNG".

    Raises:
        InputError: if it stands for none that can be written here.
    """
    try:
        name = FORMATS[Path(path).suffix.lower()]
    except KeyError:
        raise InputError(
            f"`{path}` names no picture format: use one of "
            f"{', '.join(FORMATS)}."
        ) from None
    if name == "AVIF" and not has_avif():
        raise without_avif(path)
    return name


def suffix_of(format):
    """Returns the suffix of a format, ".png" for one not written here."""
    # A photograph with several pictures in one JPEG file is MPO to Pillow.
    name = "JPEG" if format == "MPO" else format
    suffixes = [suffix for suffix in FORMATS if FORMATS[suffix] == name]
    return min(suffixes, key=len, default=".png")
