"""Writing: a picture becomes a file, whole or not at all."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.files.outputs import check_output_path
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs import deep
from multistyle.images.codecs.formats import (
    ALPHA_FORMATS,
    DEEP_FORMATS,
    SAVE_OPTIONS,
    format_of,
)
from multistyle.images.codecs.metadata import exif_in_tiff, with_resolution
from multistyle.images.codecs.palettes import quantize
from multistyle.images.codecs.srgb import on_white
from multistyle.images.values import to_uint8


def encode_image(
    image: np.ndarray,
    format: str,
    *,
    quality: int | None = None,
    exif: bytes = b"",
    resolution: tuple[float, float] | None = None,
) -> bytes:
    """Encodes a picture in memory.

    JPEG is written with full colour resolution (4:4:4). Where the format has
    no transparency the picture is laid on white; in a GIF a pixel is
    transparent or it is not. 16 bits are kept by PNG and TIFF.

    Args:
        image: [H, W, 3] or [H, W, 4], uint8, uint16, or float in [0, 1], which
            is written in 8 bits.
        format: a suffix of `FORMATS_BY_SUFFIX` without its dot, such as "png".
        quality: of JPEG, WebP and AVIF, up to 100; None is 95, of AVIF 90.
        exif: see `metadata.read_exif`; BMP and GIF have none.
        resolution: pixels per inch, across and down; GIF has none.

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
        encoded = deep.encode_deep(
            image, pil_format, exif=exif, resolution=resolution
        )
        if encoded is not None:
            return encoded
    pixels = to_uint8(image)
    options = dict(SAVE_OPTIONS.get(pil_format, {}))
    if quality is not None and "quality" in options:
        options["quality"] = quality
    if pil_format in ("AVIF", "TIFF", "WEBP"):
        exif = with_resolution(exif, resolution)
    elif resolution:
        options["dpi"] = resolution
    if pil_format != "TIFF":
        options["exif"] = exif
    buffer = io.BytesIO()
    try:
        is_gif = pil_format == "GIF"
        picture = quantize(pixels) if is_gif else Image.fromarray(pixels)
        picture.save(buffer, pil_format, **options)
    except (OSError, ValueError) as error:
        height, width = pixels.shape[:2]
        raise InputError(
            f"`{format}` cannot hold a picture of {width} x {height} pixels: "
            f"{error}."
        ) from error
    encoded = buffer.getvalue()
    return exif_in_tiff(encoded, exif) if pil_format == "TIFF" else encoded


def check_output(
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    makes: bool = True,
) -> None:
    """Raises InputError where `write_image` would refuse `path`.

    See `files.outputs.check_output_path`.
    """
    format_of(path)
    check_output_path(path, overwrite=overwrite, makes=makes)


def write_image(
    path: str | os.PathLike[str],
    image: np.ndarray,
    *,
    overwrite: bool = False,
    quality: int | None = None,
    exif: bytes = b"",
    resolution: tuple[float, float] | None = None,
) -> None:
    """Writes a picture, whole or not at all, in the format of its suffix.

    Args:
        path: where the file shall stand; missing folders are made.
        image: see `encode_image`.
        overwrite: whether a file that exists may be replaced.
        quality, exif, resolution: see `encode_image`.

    Raises:
        InputError: if the suffix is unknown, the file exists, it cannot be
            made, or its format cannot hold such a picture.
    """
    check_output(path, overwrite=overwrite)
    with whole_file(path) as file:
        file.write(
            encode_image(
                image,
                Path(path).suffix[1:],
                quality=quality,
                exif=exif,
                resolution=resolution,
            )
        )
