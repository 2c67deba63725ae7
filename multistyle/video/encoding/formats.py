"""The kinds of film that are written."""

import os
from pathlib import Path
from typing import NamedTuple

from multistyle.errors import InputError

DEFAULT_CRF = 20


class FilmFormat(NamedTuple):
    """How a kind of film is encoded.

    Attributes:
        noun: str, what a user calls it.
        container: FFmpeg's name of the container.
        codec: that of its pictures, while they are painted.
        pixel_format: FFmpeg's name.
        options: dict of str, of the codec.
        worst_crf: int, the largest, or None: quality is not chosen.
        needs_even_size: bool, whether odd sizes gain a row or a column.
        sound_codec: what sound becomes where it cannot be copied, or None.
        sound_refused: tuple of str, beginnings of the names of kinds of sound
            that are not copied, since few players know them in there.
        segment_container: FFmpeg's name of what holds a part of it.
        has_alpha: bool, whether it holds transparency.
    """

    noun: str
    container: str
    codec: str
    pixel_format: str
    options: dict[str, str]
    worst_crf: int | None
    needs_even_size: bool
    sound_codec: str | None
    sound_refused: tuple[str, ...] = ()
    segment_container: str = "nut"
    has_alpha: bool = False


# Without frames that are stored before others and shown after them, segments
# can be put one behind the other as they are.
_MP4 = FilmFormat(
    "an MP4",
    "mp4",
    "libx264",
    "yuv420p",
    {"preset": "veryfast", "bf": "0"},
    51,
    True,
    "aac",
    ("pcm_",),
)
_WEBM = FilmFormat(
    "a WebM",
    "webm",
    "libvpx-vp9",
    "yuv420p",
    {"b": "0", "deadline": "good", "cpu-used": "5", "row-mt": "1"},
    63,
    False,
    "libopus",
)
# Without loss; its colours are chosen when all frames are known.
_GIF = FilmFormat("a GIF", "gif", "ffv1", "bgr0", {}, None, False, None)
_MOV = _MP4._replace(noun="a MOV", container="mov", sound_refused=())
FILM_FORMATS = {".mp4": _MP4, ".mov": _MOV, ".webm": _WEBM, ".gif": _GIF}

# Of films with transparency. NUT would lose it, and holds no ProRes.
_ALPHA_FORMATS = {
    ".mov": _MOV._replace(
        noun="a MOV with transparency, which is ProRes,",
        codec="prores_ks",
        pixel_format="yuva444p10le",
        options={"profile": "4444"},
        worst_crf=None,
        needs_even_size=False,
        segment_container="mov",
        has_alpha=True,
    ),
    ".webm": _WEBM._replace(
        pixel_format="yuva420p",
        options={**_WEBM.options, "auto-alt-ref": "0"},
        segment_container="matroska",
        has_alpha=True,
    ),
}


def find_format(
    path: str | os.PathLike,
    *,
    crf: int | None = None,
    has_alpha: bool = False,
) -> FilmFormat:
    """Returns the format of a film by its name.

    Args:
        path: of the film to write.
        crf: the quality that is asked for, or None.
        has_alpha: whether there is transparency; it is kept where the kind
            of film can hold it.

    Raises:
        InputError: for another suffix, and a quality that it cannot have.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FILM_FORMATS:
        raise InputError(
            f"`{path}` has no suffix of a film: use {', '.join(FILM_FORMATS)}."
        )
    found = FILM_FORMATS[suffix]
    if has_alpha:
        found = _ALPHA_FORMATS.get(suffix, found)
    if crf is None:
        return found
    if found.worst_crf is None:
        raise InputError(f"`{path}`: {found.noun} takes no --crf.")
    if not 0 <= crf <= found.worst_crf:
        raise InputError(
            f"`{crf}` is no --crf of {suffix}: use 0, the best, to "
            f"{found.worst_crf}."
        )
    return found
