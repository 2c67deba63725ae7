"""Sixteen bits a channel, which Pillow reads and writes in grey alone."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import ExifTags

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs.metadata import exif_in_tiff, with_resolution
from multistyle.images.codecs.png_writer import add_details, keep_pixels
from multistyle.images.codecs.profiles import convert_to_srgb
from multistyle.images.codecs.sources import load
from multistyle.images.codecs.srgb import white_as_largest

NEEDS_PACKAGE = 'more needs pip install "multistyle[deep]"'

# An EXIF orientation as the pixels' way back to upright.
_TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda pixels: np.rot90(pixels, 2),
    4: np.flipud,
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: np.rot90(pixels, -1),
    7: lambda pixels: np.rot90(pixels, 2).swapaxes(0, 1),
    8: np.rot90,
}
_BITS_PER_SAMPLE, _PLANAR = 258, 284


def has_codec() -> bool:
    """Whether the package is there that reads and writes 16-bit colour."""
    try:
        import cv2  # noqa: F401
    except ImportError:
        return False
    return True


def is_deep(image: Any) -> bool:
    """Whether an opened PIL image, not yet decoded, has 16 bits a channel."""
    if not getattr(image, "tile", None):
        return False
    if image.format == "TIFF":
        has_mode = image.mode in ("RGB", "RGBA") or image.mode[:4] == "I;16"
        return has_mode and set(image.tag_v2.get(_BITS_PER_SAMPLE, ())) == {16}
    # Of (decoder, box, offset, raw mode).
    return image.format == "PNG" and ";16" in str(image.tile[0][3])


def refuse_planes(image: Any) -> None:
    """Raises InputError for a TIFF of 16 bits that Pillow would read wrongly.

    Its message goes on after a file's name.
    """
    if is_deep(image) and image.format == "TIFF":
        if len(image.getbands()) > 1 and image.tag_v2.get(_PLANAR) == 2:
            raise InputError(
                "has 16 bits a channel, colour by colour: save it pixel by "
                "pixel (interleaved)."
            )


def read_deep(image: Any, name: str) -> np.ndarray | None:
    """Decodes all 16 bits of a picture, the right way up, as sRGB.

    Colour is decoded twice: Pillow notices damage, and what the other decoder
    gives counts where its upper bytes are Pillow's. An `InputWarning` says why
    a picture can be had in 8 bits alone: the package is not there, the two
    decoders differ, or the colour profile is more than curves and a matrix.

    Args:
        image: a PIL image for which `is_deep` holds, opened from a file.
        name: what the warning calls it.

    Returns:
        uint16 [H, W, 3], or [H, W, 4] with transparency; None where there is
        a warning.
    """
    if not has_codec():
        return _reduced(name, NEEDS_PACKAGE)
    file = image.fp
    file.seek(0)
    encoded = file.read()
    is_grey = image.mode.startswith("I")
    load(image)
    if is_grey:
        grey = white_as_largest(image).astype(np.uint16)
        pixels = np.repeat(grey[..., None], 3, axis=2)
    else:
        pixels = _decode(encoded, image)
        if pixels is None:
            return _reduced(name, "it is stored in an unusual way")
    # A TIFF is upright already: both decoders turn it.
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    if turn:
        pixels = turn(pixels)
    pixels = np.ascontiguousarray(pixels)
    profile = image.info.get("icc_profile")
    if not profile:
        return pixels
    converted = convert_to_srgb(pixels, profile)
    if converted is None:
        return _reduced(name, "its colour profile has tables")
    return converted


def encode_deep(
    pixels: np.ndarray,
    format: str,
    *,
    exif: bytes = b"",
    resolution: tuple[float, float] | None = None,
) -> bytes | None:
    """Encodes 16 bits a channel, losslessly.

    Args:
        pixels: uint16 [H, W, 3 or 4].
        format: "PNG" or "TIFF".
        exif: see `metadata.read_exif`.
        resolution: pixels per inch, across and down.

    Returns:
        bytes; None, with an `InputWarning`, where the package is not there.
    """
    if not has_codec():
        return _reduced(f"<{format.lower()}>", NEEDS_PACKAGE)
    import cv2

    suffix, options = {
        "PNG": (".png", []),
        "TIFF": (".tif", [cv2.IMWRITE_TIFF_COMPRESSION, 8]),  # Deflate.
    }[format]
    _, buffer = cv2.imencode(suffix, _swap_red_and_blue(pixels), options)
    encoded = buffer.tobytes()
    if format == "PNG":
        return add_details(encoded, exif=exif, resolution=resolution)
    return exif_in_tiff(encoded, with_resolution(exif, resolution))


def _reduced(name, reason):
    warnings.warn(
        f"`{name}` has 16 bits a channel and is reduced to 8: {reason}.",
        InputWarning,
        stacklevel=3,
    )


def _decode(encoded, image):
    """Returns uint16 [H, W, 3 or 4], or None where it is not Pillow's."""
    import cv2

    if image.format == "PNG":
        # What else it says, its library would comment on standard error.
        encoded = keep_pixels(encoded)
    buffer = np.frombuffer(encoded, np.uint8)
    if image.format == "TIFF":
        page = image.tell()
        _, pages = cv2.imdecodemulti(
            buffer, cv2.IMREAD_UNCHANGED, range=(page, page + 1)
        )
        pixels = next(iter(pages), None)
    else:
        pixels = cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16 or pixels.ndim != 3:
        return None
    if pixels.shape[:2] != (image.height, image.width):
        return None
    pixels = _swap_red_and_blue(pixels)
    for channel, name in enumerate(image.getbands()):
        upper = np.asarray(image.getchannel(name))
        if ((pixels[..., channel] >> 8) != upper).any():
            return None
    return pixels


def _swap_red_and_blue(pixels):
    import cv2

    has_alpha = pixels.shape[2] == 4
    code = cv2.COLOR_RGBA2BGRA if has_alpha else cv2.COLOR_RGB2BGR
    return cv2.cvtColor(pixels, code)
