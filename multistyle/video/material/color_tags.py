"""Colour tags: what the numbers of a film's pixels stand for."""

from typing import Any, NamedTuple

# Of H.273. Unspecified, BT.709, BT.601 of PAL and of NTSC, and BT.2020; those
# matrices that pixels can be brought to and from.
UNSPECIFIED = 2
BT709, BT601, BT2020 = 1, 5, 9
_MATRICES = {BT709, 4, BT601, 6, 7, BT2020}
# Of FFmpeg's AVCOL_RANGE: 16 to 235 of 8 bits, and 0 to 255.
LIMITED, FULL = 1, 2
# From how many rows on no matrix at all means BT.709.
_HD_ROWS = 720


class ColorTags(NamedTuple):
    """How colours are stored, by the codes of ITU-T H.273.

    Attributes:
        matrix, transfer, primaries: int.
        range: int, `LIMITED` or `FULL`.
        is_named: bool, whether a film says so itself.
    """

    matrix: int = BT709
    transfer: int = BT709
    primaries: int = BT709
    range: int = LIMITED
    is_named: bool = False


def read_color_tags(stream: Any) -> ColorTags:
    """Returns the tags under which a painting of a film is written.

    They are the film's own. What says nothing is written as BT.709, and so is
    what is stored as RGB.

    Args:
        stream: PyAV's, of pictures.
    """
    context = stream.codec_context
    is_full = context.color_range == FULL or "yuvj" in (context.pix_fmt or "")
    if context.colorspace not in _MATRICES:
        return ColorTags(range=LIMITED)
    return ColorTags(
        int(context.colorspace),
        int(context.color_trc),
        int(context.color_primaries),
        FULL if is_full else LIMITED,
        is_named=True,
    )


def matrix_of(frame: Any) -> int:
    """Returns the matrix of a decoded frame, guessed where it does not say."""
    if frame.colorspace != UNSPECIFIED:
        return int(frame.colorspace)
    return guess_matrix(frame.height)


def guess_matrix(num_rows: int) -> int:
    """Returns the matrix of pictures of that height which do not say."""
    return BT709 if num_rows >= _HD_ROWS else BT601
