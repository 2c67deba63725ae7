"""OpenEXR: pictures of linear light, by FFmpeg's own codec."""

from fractions import Fraction

import numpy as np

from multistyle.errors import InputError
from multistyle.images.codecs.sources import MAX_PIXELS
from multistyle.images.values import to_dtype, to_float
from multistyle.video.packages import import_av

SUFFIX = ".exr"
# Of sRGB's curve (IEC 61966-2-1).
_SLOPE, _POWER, _OFFSET = 12.92, 2.4, 0.055
_DARK_LIGHT, _DARK_SIGNAL = 0.0031308, 0.04045


def light_to_srgb(light: np.ndarray) -> np.ndarray:
    """Returns the sRGB signal in [0, 1] of light in [0, 1]."""
    bright = (1 + _OFFSET) * np.power(light, 1 / _POWER) - _OFFSET
    return np.where(light <= _DARK_LIGHT, light * _SLOPE, bright)


def srgb_to_light(signal: np.ndarray) -> np.ndarray:
    """Returns the light in [0, 1] of an sRGB signal in [0, 1]."""
    bright = np.power((signal + _OFFSET) / (1 + _OFFSET), _POWER)
    return np.where(signal <= _DARK_SIGNAL, signal / _SLOPE, bright)


def decode_exr(encoded: bytes, name: str) -> np.ndarray:
    """Decodes a picture of the primaries of sRGB.

    Args:
        encoded: bytes of the file.
        name: what an error calls it.

    Returns:
        uint16 [H, W, 3], sRGB, or [H, W, 4] with transparency, whose colours
        are not multiplied by it. Light above 1 counts as 1.

    Raises:
        InputError: if it cannot be read.
    """
    av = import_av()
    decoder = av.CodecContext.create("exr", "r")
    decoder.options = {"max_pixels": str(MAX_PIXELS)}
    try:
        packet = av.Packet(encoded)
        frames = [*decoder.decode(packet), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise InputError(
            f"`{name}` is no EXR that can be read: {error.strerror}."
        ) from error
    if not frames:
        raise InputError(f"`{name}` holds no picture.")
    (frame, *_) = frames
    light = _read_planes(frame)
    has_alpha = light.shape[2] == 4
    light = np.nan_to_num(light, posinf=1, neginf=0).clip(0, 1)
    if has_alpha:
        # They are stored multiplied.
        alpha = light[..., 3:]
        light[..., :3] /= np.maximum(alpha, np.float32(1e-6))
        light = light.clip(0, 1)
    light[..., :3] = light_to_srgb(light[..., :3])
    return to_dtype(light, np.uint16)


def encode_exr(pixels: np.ndarray) -> bytes:
    """Encodes a picture in half floats.

    Args:
        pixels: uint8 or uint16 [H, W, 3 or 4], sRGB; transparency is not
            multiplied in.

    Returns:
        bytes of a file.
    """
    av = import_av()
    light = to_float(pixels)
    light[..., :3] = srgb_to_light(light[..., :3])
    light[..., :3] *= light[..., 3:] if light.shape[2] == 4 else 1
    kind = "gbrapf32le" if light.shape[2] == 4 else "gbrpf32le"
    encoder = av.CodecContext.create("exr", "w")
    encoder.height, encoder.width = light.shape[:2]
    encoder.pix_fmt = kind
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"compression": "zip16", "format": "half"}
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(light), kind)
    frame.pts = 0
    return b"".join(
        bytes(packet)
        for packet in (*encoder.encode(frame), *encoder.encode(None))
    )


def _read_planes(frame):
    """Returns float32 [H, W, 3 or 4]; FFmpeg would round dark values."""
    dtype = np.float16 if "f16" in frame.format.name else np.float32
    planes = [
        np.frombuffer(plane, dtype).reshape(plane.height, -1)[:, : plane.width]
        for plane in frame.planes
    ]
    if len(planes) < 3:  # Grey, and maybe transparent.
        planes = [planes[0]] * 3 + planes[1:]
    else:
        green, blue, red, *alpha = planes
        planes = [red, green, blue, *alpha]
    return np.stack(planes, axis=2).astype(np.float32)
