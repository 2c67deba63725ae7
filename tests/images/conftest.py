"""Files that Pillow itself does not write."""

import struct
import zlib

import numpy as np
import pytest

SRGB_PRIMARIES = (
    (0.4361, 0.2225, 0.0139),
    (0.3851, 0.7169, 0.0971),
    (0.1431, 0.0606, 0.7141),
)


@pytest.fixture(scope="session")
def make_png():
    """Returns a function that gives the bytes of a 16-bit PNG.

    Its arguments are the pixels [H, W, C], the number of the PNG's colour type
    and the content of further chunks by their names.
    """

    def chunk(name, data):
        body = name.encode() + data
        return (
            struct.pack(">I", len(data))
            + body
            + struct.pack(">I", zlib.crc32(body))
        )

    def make(pixels, color_type, **chunks):
        height, width = pixels.shape[:2]
        rows = pixels.astype(">u2").reshape(height, -1)
        content = b"".join(b"\0" + row.tobytes() for row in rows)
        sizes = (width, height, 16, color_type, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk("IHDR", struct.pack(">IIBBBBB", *sizes))
            + b"".join(chunk(name, data) for name, data in chunks.items())
            + chunk("IDAT", zlib.compress(content))
            + chunk("IEND", b"")
        )

    return make


@pytest.fixture(scope="session")
def make_profile():
    """Returns a function that gives an ICC profile of curves and a matrix.

    Its arguments are the space, b"RGB " or b"GRAY"; the content of the tag of
    the curves, by default straight ones; the primaries, by default sRGB's; and
    further tags.
    """

    def xyz(*values):
        fixed = [round(65536 * value) for value in values]
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *fixed)

    def make(space, curve=None, primaries=SRGB_PRIMARIES, more=()):
        if curve is None:
            curve = b"curv\0\0\0\0" + struct.pack(">IH2x", 1, 256)
        tags = {
            b"desc": b"desc\0\0\0\0" + struct.pack(">I7s78x3x", 7, b"linear\0"),
            b"wtpt": xyz(0.9642, 1.0, 0.8249),
            **dict(more),
        }
        if space == b"GRAY":
            tags[b"kTRC"] = curve
        else:
            for letter, primary in zip(
                (b"r", b"g", b"b"), primaries, strict=True
            ):
                tags[letter + b"XYZ"] = xyz(*primary)
                tags[letter + b"TRC"] = curve
        table, data = struct.pack(">I", len(tags)), b""
        start = 128 + 4 + 12 * len(tags)
        for name, tag in tags.items():
            table += name + struct.pack(">II", start + len(data), len(tag))
            data += tag + bytes(-len(tag) % 4)
        header = struct.pack(
            ">I4xI4s4s4s12x4s28x3i48x",
            start + len(data),
            0x02100000,
            b"mntr",
            space,
            b"XYZ ",
            b"acsp",
            63190,
            65536,
            54061,
        )
        return header + table + data

    return make


@pytest.fixture
def deep_picture():
    """A uint16 picture [24, 40, 3], smooth, with more than 256 values."""
    y, x = np.mgrid[0:1:24j, 0:1:40j]
    planes = np.stack([x, y, 1 - x * y], axis=-1)
    return np.rint(planes * 65535).astype(np.uint16)
