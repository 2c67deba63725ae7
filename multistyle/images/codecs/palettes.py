"""Pictures of at most 256 colours, as a GIF holds them."""

import numpy as np
from PIL import Image

from multistyle.images.codecs.srgb import on_white

_CLEAR = 255


def quantize(pixels: np.ndarray) -> Image.Image:
    """Finds a palette for a picture, and dithers.

    Args:
        pixels: uint8 [H, W, 3 or 4]. A pixel becomes transparent where its
            alpha is below half; others are laid on white.

    Returns:
        PIL image of mode P; `info` names the transparent colour, if any.
    """
    is_clear = None
    if pixels.shape[2] == 4:
        is_clear = pixels[..., 3] < 128
        pixels = on_white(pixels)
        if not is_clear.any():
            is_clear = None
    image = Image.fromarray(pixels)
    palette = image.quantize(256 if is_clear is None else _CLEAR)
    image = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    if is_clear is None:
        return image
    indices = np.array(image)
    indices[is_clear] = _CLEAR
    clear = Image.fromarray(indices, "P")
    colors = (image.getpalette("RGB") or [])[: 3 * _CLEAR]
    clear.putpalette(colors + [0] * (3 * (_CLEAR + 1) - len(colors)))
    clear.info["transparency"] = _CLEAR
    return clear
