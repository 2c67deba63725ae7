"""The kinds of film that are written."""

from pathlib import Path
from typing import NamedTuple

from multistyle.errors import InputError

DEFAULT_CRF = 20


class FilmFormat(NamedTuple):
    """How a kind of film is encoded.

    Attributes:
        container: FFmpeg's name of the container.
        codec: that of its pictures, while they are painted.
        pixel_format: FFmpeg's name.
        options: dict of str, of the codec.
        worst_crf: int, the largest, or None: quality is not chosen.
        needs_even_size: bool, whether odd sizes gain a row or a column.
        sound_codec: what sound becomes where it cannot be copied, or None.
        sound_refused: tuple of str, beginnings of the names of kinds of sound
            that are not copied, since few players know them in there.
    """

    container: str
    codec: str
    pixel_format: str
    options: dict
    worst_crf: int | None
    needs_even_size: bool
    sound_codec: str | None
    sound_refused: tuple[str, ...] = ()


# Without frames that are stored before others and shown after them, segments
# can be put one behind the other as they are.
_H264 = FilmFormat(
    "mp4",
    "libx264",
    "yuv420p",
    {"preset": "veryfast", "bf": "0"},
    51,
    True,
    "aac",
    ("pcm_",),
)
FILM_FORMATS = {
    ".mp4": _H264,
    ".mov": _H264._replace(container="mov", sound_refused=()),
    ".webm": FilmFormat(
        "webm",
        "libvpx-vp9",
        "yuv420p",
        {"b": "0", "deadline": "good", "cpu-used": "5", "row-mt": "1"},
        63,
        False,
        "libopus",
    ),
    # Without loss; its colours are chosen when all frames are known.
    ".gif": FilmFormat("gif", "ffv1", "bgr0", {}, None, False, None),
}


def find_format(path, crf=None):
    """Returns the format of a film by its name.

    Args:
        path: of the film to write.
        crf: int or None, the quality that is asked for.

    Raises:
        InputError: for another suffix, and a quality that it cannot have.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FILM_FORMATS:
        raise InputError(
            f"`{path}` has no suffix of a film: use {', '.join(FILM_FORMATS)}."
        )
    found = FILM_FORMATS[suffix]
    if crf is not None and found.worst_crf is None:
        raise InputError(f"`{path}`: a GIF takes no --crf.")
    if crf is not None and not 0 <= crf <= found.worst_crf:
        raise InputError(
            f"`{crf}` is no --crf of {suffix}: use 0, the best, to "
            f"{found.worst_crf}."
        )
    return found
