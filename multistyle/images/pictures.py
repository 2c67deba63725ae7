"""Finding, reading and writing pictures."""

import glob
import io
import os
import re
from pathlib import Path

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.images import deep
from multistyle.images.files import refuse_existing, whole_file
from multistyle.images.formats import (
    ALPHA_FORMATS,
    DEEP_FORMATS,
    IMAGE_SUFFIXES,
    SAVE_OPTIONS,
    format_of,
)
from multistyle.images.metadata import exif_in_tiff
from multistyle.images.palettes import quantize
from multistyle.images.sources import opened, source_name
from multistyle.images.srgb import on_white, to_srgb, upright


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


def read_image(
    path, keep_alpha=False, at_least=None, is_deep=False, max_pixels=None
):
    """Reads a picture of any common kind as sRGB pixels, the right way up.

    EXIF turns and mirrors are applied, an embedded colour profile is converted
    to sRGB, and of several frames the first is read. What the file holds
    counts, not its suffix.

    Args:
        path: a path, an open binary file, bytes, or a PIL image.
        keep_alpha: whether a picture with transparency gives four channels.
            Without it the picture is laid on white.
        at_least: decode a JPEG at a half, a quarter or an eighth of its size
            where the short side keeps that many pixels; much faster.
        is_deep: whether a PNG or TIFF of 16 bits a channel gives uint16. Where
            that cannot be had, an `InputWarning` says why, and it gives uint8.
        max_pixels: the most that a file may have; None is 200 million.

    Returns:
        uint8 [H, W, 3], or [H, W, 4] with `keep_alpha` and transparency;
        uint16 as `is_deep` says. 16 bits are else scaled to 8.

    Raises:
        InputError: if there is no such file, or it is empty, damaged, cut
            short, no picture, or has too many pixels; the message names it.
    """
    pixels = None
    with opened(path, max_pixels) as image:
        deep.refuse_planes(image)
        if at_least:
            image.draft(None, (at_least, at_least))
        if is_deep and deep.is_deep(image):
            pixels = deep.read_deep(image, source_name(path))
        if pixels is None:
            image.load()
            pixels = np.array(to_srgb(upright(image)))
    if pixels.shape[2] == 4 and not keep_alpha:
        return on_white(pixels)
    return pixels


def to_uint8(image):
    """Rounds a picture to uint8; see `to_dtype`."""
    return to_dtype(image, np.uint8)


def to_dtype(image, dtype):
    """Scales a picture to another kind of values; `to_float` is the way back.

    Args:
        image: array of any shape, uint8, uint16, or float in [0, 1]; values
            outside are clipped.
        dtype: `np.uint8`, `np.uint16`, or a float type, which is float32.

    Returns:
        Array of the same shape, rounded to whole numbers; `image` itself where
        it is of that kind already.
    """
    if image.dtype == dtype:
        return image
    if np.dtype(dtype).kind == "f":
        return to_float(image)
    full = np.float32(np.iinfo(dtype).max)
    return np.rint(np.clip(to_float(image), 0, 1) * full).astype(dtype)


def to_float(image):
    """Scales a picture of whole numbers to float32 in [0, 1].

    Args:
        image: uint8 or uint16 array of any shape, or float, which is only
            cast.

    Returns:
        float32 array of the same shape; `to_dtype` gives `image` back.
    """
    if image.dtype in (np.uint8, np.uint16):
        return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)
    return image.astype(np.float32, copy=False)


def encode_image(image, format, **options):
    """Encodes a picture in memory.

    JPEG is written with quality 95 and full colour resolution (4:4:4). Where
    the format has no transparency the picture is laid on white; in a GIF a
    pixel is transparent or it is not. 16 bits are kept by PNG and TIFF.

    Args:
        image: [H, W, 3] or [H, W, 4], uint8, uint16, or float in [0, 1], which
            is written in 8 bits.
        format: a suffix of `FORMATS` without its dot, such as "png".
        **options: options of Pillow's writer of that format. Of a 16-bit
            picture only `exif` counts.

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
    pil_format = format_of(f"picture.{format}")
    if image.shape[2] == 4 and pil_format not in ALPHA_FORMATS:
        image = on_white(to_uint8(image))
    if image.dtype == np.uint16 and pil_format in DEEP_FORMATS:
        exif = options.get("exif", b"")
        encoded = deep.encode_deep(image, pil_format, exif)
        if encoded is not None:
            return encoded
    pixels = to_uint8(image)
    exif = options.pop("exif", b"") if pil_format == "TIFF" else b""
    buffer = io.BytesIO()
    try:
        is_gif = pil_format == "GIF"
        picture = quantize(pixels) if is_gif else Image.fromarray(pixels)
        picture.save(
            buffer,
            pil_format,
            **{**SAVE_OPTIONS.get(pil_format, {}), **options},
        )
    except (OSError, ValueError) as error:
        height, width = pixels.shape[:2]
        raise InputError(
            f"`{format}` cannot hold a picture of {width} x {height} pixels: "
            f"{error}."
        ) from error
    encoded = buffer.getvalue()
    return exif_in_tiff(encoded, exif) if exif else encoded


def check_output(path, overwrite=False):
    """Raises InputError where `write_image` would refuse `path`."""
    format_of(path)
    refuse_existing(path, overwrite)


def write_image(path, image, overwrite=False, **options):
    """Writes a picture, whole or not at all, in the format of its suffix.

    Args:
        path: where the file shall stand; missing folders are made.
        image: as of `encode_image`.
        overwrite: whether a file that exists may be replaced.
        **options: as in `encode_image`.

    Raises:
        InputError: if the suffix is unknown, the file exists, it cannot be
            made, or its format cannot hold such a picture.
    """
    check_output(path, overwrite)
    with whole_file(path) as file:
        file.write(encode_image(image, Path(path).suffix[1:], **options))
