"""GIFs that move, written frame by frame."""

import io
import struct
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

import numpy as np
from PIL import Image

from multistyle.images.codecs.palettes import quantize

# What a GIF does with a frame before the next: leave it, or clear it.
KEEP, CLEAR = 1, 2

_LONGEST = 65_535  # Hundredths of a second.
_CONTROL, _PICTURE, _EXTENSION, _END = b"\x21\xf9\x04", b"\x2c", b"\x21", b";"


def write_gif_frames(
    file: IO[bytes],
    frames: Iterable[np.ndarray],
    durations: list[int],
    disposals: list[int],
    num_plays: int,
) -> None:
    """Writes a GIF; memory holds two frames, however many there are.

    Each frame has 256 colours of its own, dithered. Where a frame stays, only
    what the next one changes is written; a frame that changes nothing adds
    its time to the one before.

    Args:
        file: open binary file.
        frames: iterable of uint8 [H, W, 3 or 4], all of one size.
        durations: list of int, hundredths of a second, one a frame.
        disposals: list of int, one a frame: `KEEP` or `CLEAR`.
        num_plays: how often it is shown; 0 is without end.
    """
    parts = _merged(_changes(frames, disposals), durations)
    for number, part in enumerate(parts):
        if number == 0:
            _write_start(file, part.picture.size, num_plays)
        _write_part(file, part)
    file.write(_END)


class _Part(NamedTuple):
    """The part of a picture that a frame changes.

    Attributes:
        picture: PIL image of mode P.
        corner: (x, y) where it lies.
        disposal: `KEEP` or `CLEAR`.
        is_new: whether it differs from what is shown.
        duration: hundredths of a second.
    """

    picture: Image.Image
    corner: tuple[int, int]
    disposal: int
    is_new: bool = True
    duration: int = 0


def _changes(
    frames: Iterable[np.ndarray], disposals: Iterable[int]
) -> Iterator[_Part]:
    before = None
    for frame, disposal in zip(frames, disposals, strict=True):
        picture = quantize(frame)
        shown = np.asarray(picture.convert("RGBA"))
        if before is None:
            yield _Part(picture, (0, 0), disposal)
        else:
            yield _difference(before, shown, picture, disposal)
        before = shown if disposal == KEEP else None


def _difference(before, shown, picture, disposal):
    rows, columns = (before != shown).any(axis=2).nonzero()
    if rows.size == 0:
        return _Part(picture, (0, 0), disposal, is_new=False)
    corner = int(columns.min()), int(rows.min())
    end = int(columns.max()) + 1, int(rows.max()) + 1
    return _Part(picture.crop((*corner, *end)), corner, disposal)


def _merged(
    parts: Iterable[_Part], durations: Iterable[int]
) -> Iterator[_Part]:
    """Adds the time of frames that change nothing to those before."""
    waiting: _Part | None = None
    for part, duration in zip(parts, durations, strict=True):
        if waiting is not None and not part.is_new:
            waiting = waiting._replace(
                duration=waiting.duration + duration, disposal=part.disposal
            )
            continue
        if waiting is not None:
            yield waiting
        waiting = part._replace(duration=duration)
    if waiting is not None:
        yield waiting


def _write_start(file, size, num_plays):
    # No colours for all frames, no background, square pixels.
    file.write(b"GIF89a" + struct.pack("<HHBBB", *size, 0x70, 0, 0))
    if num_plays != 1:
        repeats = num_plays and min(num_plays - 1, 65_535)
        file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01")
        file.write(struct.pack("<HB", repeats, 0))


def _write_part(file, part):
    colors, clear, is_interlaced, data = _encode(part.picture)
    flags = part.disposal << 2 | (clear is not None)
    duration = min(part.duration, _LONGEST)
    file.write(_CONTROL)
    file.write(struct.pack("<BHBB", flags, duration, clear or 0, 0))
    # Two to the power of this and one more is the number of colours.
    power = (len(colors) // 3).bit_length() - 2
    flags = 0x80 | is_interlaced | power
    file.write(_PICTURE)
    file.write(struct.pack("<HHHHB", *part.corner, *part.picture.size, flags))
    file.write(colors)
    file.write(data)


def _encode(picture):
    """Takes apart what Pillow makes of one frame.

    Returns:
        Its colours, the number of the transparent one or None, the flag of
        interlacing, and the compressed picture, with its length.
    """
    buffer = io.BytesIO()
    picture.save(buffer, "GIF")
    encoded = buffer.getvalue()
    place = 13
    colors, clear = b"", None
    if encoded[10] & 0x80:
        place += _size_of_colors(encoded[10])
        colors = encoded[13:place]
    while encoded[place : place + 1] == _EXTENSION:
        if encoded[place : place + 3] == _CONTROL and encoded[place + 3] & 1:
            clear = encoded[place + 6]
        place = _end_of_blocks(encoded, place + 2)
    flags = encoded[place + 9]
    place += 10
    if flags & 0x80:
        colors = encoded[place : place + _size_of_colors(flags)]
        place += len(colors)
    end = _end_of_blocks(encoded, place + 1)
    return colors, clear, flags & 0x40, encoded[place:end]


def _size_of_colors(flags):
    return 3 * 2 ** ((flags & 7) + 1)


def _end_of_blocks(encoded, place):
    """Returns where a row of blocks ends, each with its length before it."""
    while encoded[place]:
        place += 1 + encoded[place]
    return place + 1
