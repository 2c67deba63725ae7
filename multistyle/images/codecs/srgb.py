"""Eight-bit sRGB out of whatever a file holds."""

import functools
import io

import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageOps

from multistyle.errors import InputError

_PHOTOMETRIC = 262  # Of a TIFF: 0 is "white is zero".


def upright(image: Image.Image) -> Image.Image:
    """Turns and mirrors a PIL image as its EXIF data say.

    Returns:
        PIL image, which is `image` itself where there is nothing to turn.
    """
    try:
        if image.getexif().get(ExifTags.Base.Orientation, 1) == 1:
            return image
        return ImageOps.exif_transpose(image)
    except Exception:  # Broken EXIF data spoil no picture.
        return image


def white_as_largest(image: Image.Image) -> np.ndarray:
    """Returns the values of a grey PIL image of 16 or 32 bits, white on top."""
    values = np.asarray(image)
    # Pillow leaves it to us where a TIFF counts from white to black.
    tags = getattr(image, "tag_v2", {})
    return 65535 - values if tags.get(_PHOTOMETRIC) == 0 else values


def to_srgb(image: Image.Image) -> Image.Image:
    """Converts a picture of any mode to 8-bit sRGB.

    Args:
        image: a loaded PIL image; its embedded colour profile is applied, a
            broken one is ignored.

    Returns:
        PIL image of mode RGBA if `image` has transparency, otherwise of RGB.

    Raises:
        InputError: if a pixel has more than 16 bits a channel; the message
            goes on after a file's name.
    """
    profile = image.info.get("icc_profile")
    alpha = None
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    elif image.mode == "F":
        raise InputError("has floating-point pixels: save it with 8 or 16 bit.")
    elif image.has_transparency_data:
        is_grey = image.mode in ("1", "L", "LA")
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("L" if is_grey else "RGB")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    transform = _srgb_transform(profile, image.mode) if profile else None
    if transform:
        # It gives None where it changes an image in place, as it does not.
        image = ImageCms.applyTransform(image, transform) or image
    elif image.mode != "RGB":
        image = image.convert("RGB")
    if alpha is not None:
        image.putalpha(alpha)
    return image


def on_white(pixels: np.ndarray) -> np.ndarray:
    """Lays a picture with transparency on white.

    Args:
        pixels: uint8 or uint16 [H, W, 4].

    Returns:
        [H, W, 3] of the same kind, rounded.
    """
    full = np.iinfo(pixels.dtype).max
    # At most full * full + full // 2, which the wider type holds.
    wide = "uint16" if pixels.dtype == np.uint8 else "uint32"
    colors, alpha = pixels[..., :3].astype(wide), pixels[..., 3:].astype(wide)
    mixed = colors * alpha + full * (full - alpha)
    return ((mixed + full // 2) // full).astype(pixels.dtype)


def _eight_bits(image):
    values = white_as_largest(image)
    if values.min() < 0 or values.max() > 65535:
        raise InputError("has 32-bit pixels: save it with 8 or 16 bit.")
    # 65535 / 255 is 257, so that this rounds and white stays white.
    return Image.fromarray(
        ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
    )


@functools.lru_cache(maxsize=8)
def _srgb_transform(profile, mode):
    """Returns a transform of `mode` to sRGB, or None if it has none."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(
            source, ImageCms.createProfile("sRGB"), mode, "RGB"
        )
    except (OSError, ImageCms.PyCMSError):
        return None  # A broken profile, or one for another kind of pixels.
