"""Reading: a file becomes a picture, sRGB and the right way up."""

import numpy as np

from multistyle.images.codecs import deep
from multistyle.images.codecs.sources import opened, source_name
from multistyle.images.codecs.srgb import on_white, to_srgb, upright


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
