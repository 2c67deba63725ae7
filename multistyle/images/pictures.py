"""Finding, reading and writing pictures."""

import contextlib
import glob
import io
import os
import re
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from multistyle.errors import InputError
from multistyle.images.files import refuse_existing, whole_file
from multistyle.images.srgb import to_srgb, upright

FORMATS = {
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

# No others: Pillow would hand a PostScript file to another program.
_READ_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
_ALPHA_FORMATS = ("PNG", "TIFF", "WEBP")
_SAVE_OPTIONS = {
    "JPEG": {"quality": 95, "subsampling": "4:4:4"},
    "TIFF": {"compression": "tiff_adobe_deflate"},
    "WEBP": {"quality": 95},
}


def find_images(spec):
    """Lists the picture files that `spec` stands for.

    Args:
        spec: a folder (searched recursively), a glob, a file, several of
            these separated by commas, or a list of these. What exists as
            written is not split at its commas. In folders and globs, hidden
            files are skipped and a suffix of `IMAGE_SUFFIXES` is needed.

    Returns:
        list of `Path`, each once. The parts of a list keep their order; within
        a part the order is natural ("a2" before "a10") on every platform.

    Raises:
        InputError: if a part matches nothing.
    """
    parts = [spec] if isinstance(spec, (str, os.PathLike)) else spec
    found = []
    for part in parts:
        part = os.fspath(part)
        pieces = filter(None, map(str.strip, part.split(",")))
        found += _matches(part) or [
            path for piece in pieces for path in _found(piece)
        ]
    if not found:
        raise InputError("No picture is given: name a file, folder or glob.")
    return list(dict.fromkeys(found))


def _found(piece):
    found = _matches(piece)
    if found:
        return found
    if Path(piece).expanduser().is_dir():
        raise InputError(
            f"`{piece}` holds no picture ({', '.join(IMAGE_SUFFIXES)})."
        )
    raise InputError(
        f"`{piece}` matches no picture: give a file, a folder or a glob."
    )


def _matches(piece):
    """Returns the pictures of one file, folder or glob; maybe none."""
    if not piece:
        return []
    path = Path(piece).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        candidates = []
        for folder, subfolders, names in os.walk(path):
            subfolders[:] = [s for s in subfolders if not s.startswith(".")]
            candidates += [
                Path(folder, name) for name in names if name[0] != "."
            ]
    else:
        candidates = map(Path, glob.glob(str(path), recursive=True))
    return sorted(
        (
            candidate
            for candidate in candidates
            if candidate.suffix.lower() in IMAGE_SUFFIXES
            and candidate.is_file()
        ),
        key=_natural_key,
    )


def _natural_key(path):
    # Text and digits alternate, so that only like is compared with like; the
    # path itself settles "a1" and "a01".
    runs = [re.split(r"([0-9]+)", part.casefold()) for part in path.parts]
    for run in runs:
        run[1::2] = map(int, run[1::2])
    return runs, str(path)


def read_image(path, keep_alpha=False, at_least=None):
    """Reads a picture of any common kind as sRGB pixels, the right way up.

    EXIF turns and mirrors are applied, an embedded colour profile is converted
    to sRGB, 16 bits are scaled to 8, and of several frames the first is read.
    What the file holds counts, not its suffix.

    Args:
        path: a path, an open binary file, bytes, or a PIL image.
        keep_alpha: whether a picture with transparency gives four channels.
            Without it the picture is laid on white.
        at_least: decode a JPEG at a half, a quarter or an eighth of its size
            where the short side keeps that many pixels; much faster.

    Returns:
        uint8 [H, W, 3], or [H, W, 4] with `keep_alpha` and transparency.

    Raises:
        InputError: if there is no such file, or it is empty, damaged, cut
            short, no picture, or too large to open; the message names it.
    """
    with _opened(path) as image:
        if at_least:
            image.draft(None, (at_least, at_least))
        image.load()
        pixels = np.array(to_srgb(upright(image)))
    if pixels.shape[2] == 4 and not keep_alpha:
        return _on_white(pixels)
    return pixels


@contextlib.contextmanager
def _opened(source):
    """Opens a PIL image; whatever goes wrong with it becomes one line."""
    name = "<image>"
    try:
        if isinstance(source, Image.Image):
            name = getattr(source, "filename", "") or name
            yield source
            return
        if isinstance(source, (str, os.PathLike)):
            name = source
        elif isinstance(source, bytes):
            source = io.BytesIO(source)
        else:
            name = getattr(source, "name", name)
        with Image.open(source, formats=_READ_FORMATS) as image:
            yield image
    except InputError as error:
        raise InputError(f"`{name}` {error}") from error
    except FileNotFoundError as error:
        raise InputError(f"`{name}` does not exist.") from error
    except IsADirectoryError as error:
        raise InputError(f"`{name}` is a folder, not a picture.") from error
    except UnidentifiedImageError as error:
        raise InputError(
            f"`{name}` is empty, or none of {', '.join(_READ_FORMATS)}."
        ) from error
    except Image.DecompressionBombError as error:
        raise InputError(
            f"`{name}` has more pixels than is safe to open "
            f"({2 * Image.MAX_IMAGE_PIXELS:,})."
        ) from error
    except Exception as error:
        # A damaged file makes the decoders raise nearly anything.
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"`{name}` cannot be read: {reason or type(error).__name__}."
        ) from error


def to_uint8(image):
    """Rounds a float picture in [0, 1] to uint8; values outside are clipped.

    Args:
        image: float array of any shape, or uint8, which is returned as it is.

    Returns:
        uint8 array of the same shape.
    """
    if image.dtype == np.uint8:
        return image
    return np.rint(np.clip(image, 0, 1) * np.float32(255)).astype(np.uint8)


def to_float(image):
    """Scales a uint8 picture to float32 in [0, 1].

    Args:
        image: uint8 array of any shape, or float, which is only cast.

    Returns:
        float32 array of the same shape; `to_uint8` gives `image` back.
    """
    if image.dtype == np.uint8:
        return image.astype(np.float32) / np.float32(255)
    return image.astype(np.float32, copy=False)


def encode_image(image, format, **options):
    """Encodes a picture in memory.

    JPEG is written with quality 95 and full colour resolution (4:4:4). Where
    the format has no partial transparency the picture is laid on white.

    Args:
        image: [H, W, 3] or [H, W, 4], uint8, or float in [0, 1].
        format: a suffix of `FORMATS` without its dot, such as "png".
        **options: options of Pillow's writer of that format.

    Returns:
        bytes.

    Raises:
        InputError: if the format is unknown or cannot hold such a picture.
        ValueError: if `image` has another shape; the message names it.
    """
    if image.ndim != 3 or image.shape[2] not in (3, 4):
        raise ValueError(
            "`image` must be [H, W, 3] or [H, W, 4], but its shape is "
            f"{image.shape}."
        )
    pil_format = _format(f".{format}", format)
    pixels = to_uint8(image)
    if pixels.shape[2] == 4 and pil_format not in _ALPHA_FORMATS:
        pixels = _on_white(pixels)
    buffer = io.BytesIO()
    try:
        Image.fromarray(pixels).save(
            buffer,
            pil_format,
            **{**_SAVE_OPTIONS.get(pil_format, {}), **options},
        )
    except (OSError, ValueError) as error:
        height, width = pixels.shape[:2]
        raise InputError(
            f"`{format}` cannot hold a picture of {width} x {height} pixels: "
            f"{error}."
        ) from error
    return buffer.getvalue()


def check_output(path, overwrite=False):
    """Raises InputError where `write_image` would refuse `path`."""
    _format(Path(path).suffix, path)
    refuse_existing(path, overwrite)


def write_image(path, image, overwrite=False, **options):
    """Writes a picture, whole or not at all, in the format of its suffix.

    Args:
        path: where the file shall stand; missing folders are made.
        image: [H, W, 3] or [H, W, 4], uint8, or float in [0, 1].
        overwrite: whether a file that exists may be replaced.
        **options: as in `encode_image`.

    Raises:
        InputError: if the suffix is unknown, the file exists, it cannot be
            made, or its format cannot hold such a picture.
    """
    check_output(path, overwrite)
    with whole_file(path) as file:
        file.write(encode_image(image, Path(path).suffix[1:], **options))


def _format(suffix, name):
    try:
        return FORMATS[suffix.lower()]
    except KeyError:
        raise InputError(
            f"`{name}` names no picture format: use one of "
            f"{', '.join(FORMATS)}."
        ) from None


def _on_white(pixels):
    colors = pixels[..., :3].astype(np.uint16)
    alpha = pixels[..., 3:].astype(np.uint16)
    # At most 255 * 255 + 127, which uint16 holds.
    return ((colors * alpha + 255 * (255 - alpha) + 127) // 255).astype(
        np.uint8
    )
