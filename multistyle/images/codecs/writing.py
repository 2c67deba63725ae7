"""Writing: a picture becomes a file, whole or not at all."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.files.whole_files import refuse_existing, try_file, whole_file
from multistyle.images.codecs import deep
from multistyle.images.codecs.formats import (
    ALPHA_FORMATS,
    DEEP_FORMATS,
    SAVE_OPTIONS,
    format_of,
)
from multistyle.images.codecs.metadata import exif_in_tiff
from multistyle.images.codecs.palettes import quantize
from multistyle.images.codecs.srgb import on_white
from multistyle.images.values import to_uint8


def encode_image(image, format, **options):
    """Encodes a picture in memory.

    JPEG is written with quality 95 and full colour resolution (4:4:4). Where
    the format has no transparency the picture is laid on white; in a GIF a
    pixel is transparent or it is not. 16 bits are kept by PNG and TIFF.

    Args:
        image: [H, W, 3] or [H, W, 4], uint8, uint16, or float in [0, 1], which
            is written in 8 bits.
        format: a suffix of `FORMATS_BY_SUFFIX` without its dot, such as "png".
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
    try_file(path)


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
