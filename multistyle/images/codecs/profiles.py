"""Colour profiles of curves and a matrix, in floating point.

Pillow converts by a profile in 8 bits alone. What cameras and editors write
into 16-bit pictures (Adobe RGB, ProPhoto, Display P3, sRGB) is three curves
and a matrix, which is a few lines; tables are left to 8 bits.
"""

import struct

import numpy as np

# Linear sRGB to CIE XYZ under D50, Bradford adapted: the ICC's sRGB profile.
_SRGB = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
_FULL = 65535
_BAND_ROWS = 128
# Profiles of sRGB differ from it by less, and leave the pixels as they are.
_SAME = _FULL * 0.01


def convert_to_srgb(pixels: np.ndarray, profile: bytes) -> np.ndarray | None:
    """Converts a 16-bit picture from its profile's colours to sRGB.

    Args:
        pixels: uint16 [H, W, 3 or 4]; a grey picture has three like channels.
        profile: bytes, an ICC profile. A broken one, and one of another kind
            of pixels, changes nothing.

    Returns:
        uint16 of the same shape; None if the profile has tables.

    Reference:
        ICC.1:2010, sections 7.2, 7.3, 10.5, 10.15, F.3.
    """
    try:
        tags = _read_tags(profile)
        if b"A2B0" in tags:
            return None
        with np.errstate(all="ignore"):
            conversion = _conversion(tags, profile[16:20])
    except (KeyError, IndexError, ValueError, struct.error):
        return pixels
    steps = np.linspace(0, _FULL, 9).astype(np.uint16)
    lattice = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    if profile[16:20] == b"GRAY":
        lattice = np.repeat(steps[:, None], 3, axis=1)
    change = conversion(lattice).astype(np.int32) - lattice
    if np.abs(change).max() < _SAME:
        return pixels
    converted = pixels.copy()
    for start in range(0, len(pixels), _BAND_ROWS):
        band = slice(start, start + _BAND_ROWS)
        converted[band, :, :3] = conversion(pixels[band, :, :3])
    return converted


def _conversion(tags, space):
    """Returns a function of uint16 [..., 3] that gives uint16 [..., 3]."""
    if space == b"GRAY":
        curves, matrix = [_curve(tags[b"kTRC"])] * 3, np.eye(3)
    elif space == b"RGB ":
        curves = [
            _curve(tags[letter + b"TRC"]) for letter in (b"r", b"g", b"b")
        ]
        columns = [_xyz(tags[letter + b"XYZ"]) for letter in (b"r", b"g", b"b")]
        matrix = np.linalg.inv(_SRGB) @ np.stack(columns, axis=1)
    else:
        raise ValueError(space)
    matrix = matrix.T.astype(np.float32)

    def convert(pixels):
        linear = np.stack(
            [curve[pixels[..., i]] for i, curve in enumerate(curves)], axis=-1
        )
        linear = (linear @ matrix).clip(0, 1)
        encoded = np.where(
            linear <= 0.0031308,
            linear * 12.92,
            1.055 * linear ** (1 / 2.4) - 0.055,
        )
        return np.rint(encoded * _FULL).astype(np.uint16)

    return convert


def _read_tags(profile):
    """Returns {signature: content} of a profile."""
    (count,) = struct.unpack(">I", profile[128:132])
    tags = {}
    for i in range(min(count, 100)):
        entry = profile[132 + 12 * i : 144 + 12 * i]
        name, offset, size = struct.unpack(">4sII", entry)
        tags[name] = profile[offset : offset + size]
    return tags


def _xyz(content):
    return np.array(struct.unpack(">3i", content[8:20])) / 65536


def _curve(content):
    """Returns linear light for each of 65,536 values, float32 in [0, 1]."""
    x = np.arange(_FULL + 1) / _FULL
    if content[:4] == b"curv":
        (count,) = struct.unpack(">I", content[8:12])
        values = np.frombuffer(content[12 : 12 + 2 * count], ">u2")
        if len(values) != count:
            raise ValueError("cut short")
        if count == 0:
            y = x
        elif count == 1:
            y = x ** (values[0] / 256)
        else:
            y = np.interp(x, np.linspace(0, 1, count), values / _FULL)
    elif content[:4] == b"para":
        y = _parametric(content, x)
    else:
        raise ValueError(content[:4])
    if not np.isfinite(y).all():
        raise ValueError("no curve")
    return y.clip(0, 1).astype(np.float32)


def _parametric(content, x):
    (kind,) = struct.unpack(">H", content[8:10])
    count = (1, 3, 4, 5, 7)[kind]
    values = struct.unpack(f">{count}i", content[12 : 12 + 4 * count])
    g, a, b, c, d, e, f = np.pad(np.array(values) / 65536, (0, 7 - count))
    if kind == 0:
        return x**g
    if kind == 1:
        c, d, e = 0, -b / a, 0
    elif kind == 2:
        # Below the knee it is the constant c.
        c, d, e, f = 0, -b / a, c, c
    power = np.maximum(a * x + b, 0) ** g + e
    return np.where(x >= d, power, c * x + f)
