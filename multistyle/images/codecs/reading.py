"""Reading: a file becomes a picture, sRGB and the right way up."""

import warnings

import numpy as np

from multistyle.errors import InputWarning
from multistyle.images.codecs import deep
from multistyle.images.codecs.sources import Source, load, opened, source_name
from multistyle.images.codecs.srgb import on_white, to_srgb, upright


def read_image(
    source: Source,
    *,
    keep_alpha: bool = False,
    at_least: int | None = None,
    is_deep: bool = False,
    max_pixels: float | None = None,
) -> np.ndarray:
    """Reads a picture of any common kind as sRGB pixels, the right way up.

    EXIF turns and mirrors are applied, and an embedded colour profile is
    converted to sRGB. Of several frames the first is read; of several pages
    of a TIFF the largest, with an `InputWarning` where that is not the first.
    What the file holds counts, not its suffix.

    Args:
        source: a path, an open binary file, bytes, or a PIL image.
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
            short, not a picture, or has too many pixels; the message names it.
    """
    pixels = None
    with opened(source, max_pixels=max_pixels) as image:
        if image.format == "TIFF" and image.tell() > 0:
            _warn_of_page(image, source_name(source))
        deep.refuse_planes(image)
        if at_least:
            image.draft(None, (at_least, at_least))
        if is_deep and deep.is_deep(image):
            pixels = deep.read_deep(image, source_name(source))
        if pixels is None:
            load(image)
            pixels = np.array(to_srgb(upright(image)))
    if pixels.shape[2] == 4 and not keep_alpha:
        return on_white(pixels)
    return pixels


def _warn_of_page(image, name):
    warnings.warn(
        f"`{name}` has {image.n_frames} pages; the largest is read, page "
        f"{image.tell() + 1} of {image.width} x {image.height} pixels.",
        InputWarning,
        stacklevel=3,
    )
