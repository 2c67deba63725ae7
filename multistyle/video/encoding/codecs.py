"""Codecs: how the pictures of a film are encoded."""

from typing import NamedTuple

DEFAULT_CRF = 20
SMALL = 64


class FilmCodec(NamedTuple):
    """How pictures are encoded.

    Attributes:
        title: str, what a user calls it.
        encoder: FFmpeg's name of what encodes it.
        pixel_format: FFmpeg's name.
        options: dict of str, of the encoder.
        worst_crf: int, the largest, or None: quality is not chosen.
        segments: FFmpeg's name of the container of a part of a film.
        needs_even_size: bool, whether odd sizes gain a row or a column.
        deep_format, deep_options: the same of more than 8 bits; None where
            they are not had, or where all is.
        is_always_deep: bool, whether `pixel_format` has more than 8 bits.
        alpha_format, alpha_options: of transparency, or None.
        has_full_range: bool, whether it is told of a film that uses all
            values of its bits.
        small_options: those of frames with a side below `SMALL` pixels.
        least_size: (height, width) of the smallest frames.
        tag: what QuickTime wants it to be called in a MOV or an MP4, or None.
        keeps_tag: bool, whether what it is called says which profile it is.
    """

    title: str
    encoder: str
    pixel_format: str
    options: dict[str, str]
    worst_crf: int | None
    segments: str
    needs_even_size: bool = False
    deep_format: str | None = None
    deep_options: dict[str, str] = {}
    is_always_deep: bool = False
    alpha_format: str | None = None
    alpha_options: dict[str, str] = {}
    has_full_range: bool = False
    small_options: dict[str, str] = {}
    least_size: tuple[int, int] = (1, 1)
    tag: str | None = None
    keeps_tag: bool = False


# Without frames that are stored before others and shown after them, segments
# can be put one behind the other as they are. NUT holds no ProRes nor DNxHR,
# and would lose transparency, and colour tags that are not in the pictures.
CODECS = {
    "h264": FilmCodec(
        "H.264",
        "libx264",
        "yuv420p",
        {"preset": "veryfast", "bf": "0"},
        51,
        "nut",
        needs_even_size=True,
        has_full_range=True,
    ),
    "h265": FilmCodec(
        "H.265",
        "libx265",
        "yuv420p10le",
        {"preset": "veryfast", "x265-params": "bframes=0:log-level=none"},
        51,
        "nut",
        needs_even_size=True,
        is_always_deep=True,
        has_full_range=True,
        # Which writes beyond its memory on small frames (x265 4.1), so that the
        # process ends.
        small_options={"x265-params": "bframes=0:log-level=none:no-cutree=1"},
        least_size=(16, 16),
        tag="hvc1",
    ),
    "prores": FilmCodec(
        "ProRes 422 HQ",
        "prores_ks",
        "yuv422p10le",
        {"profile": "hq", "vendor": "apl0"},
        None,
        "mov",
        needs_even_size=True,
        is_always_deep=True,
        keeps_tag=True,
    ),
    "prores4444": FilmCodec(
        "ProRes 4444",
        "prores_ks",
        "yuv444p10le",
        {"profile": "4444", "vendor": "apl0"},
        None,
        "mov",
        is_always_deep=True,
        alpha_format="yuva444p10le",
        alpha_options={"alpha_bits": "16"},
        keeps_tag=True,
    ),
    "dnxhr": FilmCodec(
        "DNxHR HQ",
        "dnxhd",
        "yuv422p",
        {"profile": "dnxhr_hq"},
        None,
        "mov",
        needs_even_size=True,
        deep_format="yuv422p10le",
        deep_options={"profile": "dnxhr_hqx"},
        least_size=(120, 256),
    ),
    "vp9": FilmCodec(
        "VP9",
        "libvpx-vp9",
        "yuv420p",
        {"b": "0", "deadline": "good", "cpu-used": "5", "row-mt": "1"},
        63,
        "matroska",
        alpha_format="yuva420p",
        alpha_options={"auto-alt-ref": "0"},
        has_full_range=True,
    ),
}
# Without loss; its colours are chosen when all frames are known.
GIF = FilmCodec("GIF", "ffv1", "bgr0", {}, None, "nut")
