"""PNG files: chunks put into them, and those that move, frame by frame."""

import io
import struct
import zlib
from collections.abc import Iterable
from typing import IO

import numpy as np
from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(_SIGNATURE) + 25  # After the chunk IHDR.
_INCHES_PER_METRE = 1 / 0.0254
# A frame leaves what it drew, and replaces all that was there.
_LEAVES, _REPLACES = 0, 0
_LONGEST = 65_535  # Milliseconds.


def add_details(
    encoded: bytes,
    *,
    exif: bytes = b"",
    resolution: tuple[float, float] | None = None,
) -> bytes:
    """Puts what a file says besides its pixels into the bytes of a PNG.

    Args:
        encoded: a PNG that says none of it yet.
        exif: see `metadata.read_exif`.
        resolution: pixels per inch, across and down.

    Returns:
        The bytes of the PNG with these.
    """
    added = _details(exif, resolution)
    return encoded[:_HEADER_END] + added + encoded[_HEADER_END:]


def keep_pixels(encoded: bytes) -> bytes:
    """Returns the bytes of a PNG without what says no pixel's colour."""
    kept = b"".join(
        _chunk(kind, content)
        for kind, content in _chunks(encoded)
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
    )
    return _SIGNATURE + kept


def write_png_frames(
    file: IO[bytes],
    frames: Iterable[np.ndarray],
    durations: list[int],
    num_plays: int,
    *,
    exif: bytes = b"",
    resolution: tuple[float, float] | None = None,
) -> None:
    """Writes a PNG that moves; memory holds one frame.

    Args:
        file: open binary file.
        frames: iterable of uint8 [H, W, 3 or 4], all of one shape.
        durations: list of int, milliseconds, one a frame.
        num_plays: how often it is shown; 0 is without end.
        exif: see `metadata.read_exif`.
        resolution: pixels per inch, across and down.
    """
    number = 0  # Of the next chunk that belongs to the motion.
    for index, (frame, duration) in enumerate(
        zip(frames, durations, strict=True)
    ):
        header, data = _encode(frame)
        if index == 0:
            file.write(_SIGNATURE + _chunk(b"IHDR", header))
            file.write(_details(exif, resolution))
            counts = struct.pack(">II", len(durations), num_plays)
            file.write(_chunk(b"acTL", counts))
        height, width = frame.shape[:2]
        control = struct.pack(
            ">IIIIIHHBB",
            *(number, width, height, 0, 0),
            *(min(duration, _LONGEST), 1000, _LEAVES, _REPLACES),
        )
        file.write(_chunk(b"fcTL", control))
        number += 1
        if index == 0:
            file.write(_chunk(b"IDAT", data))
        else:
            file.write(_chunk(b"fdAT", struct.pack(">I", number) + data))
            number += 1
    file.write(_chunk(b"IEND", b""))


def _details(exif, resolution):
    chunks = b""
    if exif:
        chunks += _chunk(b"eXIf", exif.removeprefix(b"Exif\0\0"))
    if resolution:
        across, down = (round(x * _INCHES_PER_METRE) for x in resolution)
        chunks += _chunk(b"pHYs", struct.pack(">IIB", across, down, 1))
    return chunks


def _chunk(kind, data):
    """Returns a chunk, its length before it and its check sum behind it."""
    body = kind + data
    length, check = len(data), zlib.crc32(body)
    return struct.pack(">I", length) + body + struct.pack(">I", check)


def _encode(frame):
    """Returns the header and the compressed pixels of one frame."""
    buffer = io.BytesIO()
    Image.fromarray(frame).save(buffer, "PNG")
    header, data = b"", b""
    for kind, content in _chunks(buffer.getvalue()):
        if kind == b"IHDR":
            header = content
        elif kind == b"IDAT":
            data += content
    return header, data


def _chunks(encoded):
    """Yields the chunks of a PNG, which may be cut short: (kind, content)."""
    place = len(_SIGNATURE)
    while place + 8 <= len(encoded):
        (length,) = struct.unpack(">I", encoded[place : place + 4])
        kind = encoded[place + 4 : place + 8]
        yield kind, encoded[place + 8 : place + 8 + length]
        place += 12 + length
