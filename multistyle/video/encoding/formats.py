"""The kinds of film that are written: a container and what is in it."""

import os
from pathlib import Path
from typing import NamedTuple

from multistyle.errors import InputError
from multistyle.video.encoding.codecs import CODECS, GIF, FilmCodec


class Container(NamedTuple):
    """What holds pictures, sound and all else of a film.

    Attributes:
        noun: str, what a user calls it.
        name: FFmpeg's name.
        codecs: tuple of the names of `CODECS` that it holds, the first by
            default; empty where it has its own.
        alpha_codec: the one of them that a film with transparency becomes by
            default, or None: that of all.
        deep_codec: the same of a film with more than 8 bits.
        sound_codec: what sound becomes where it cannot be copied, or None.
        sound_refused: tuple of str, beginnings of the names of kinds of sound
            that are not copied, since few players know them in there.
    """

    noun: str
    name: str
    codecs: tuple[str, ...]
    alpha_codec: str | None
    deep_codec: str | None
    sound_codec: str | None
    sound_refused: tuple[str, ...] = ()


CONTAINERS = {
    ".mp4": Container(
        "an MP4", "mp4", ("h264", "h265", "vp9"), None, "h265", "aac", ("pcm_",)
    ),
    ".mov": Container(
        "a MOV",
        "mov",
        ("h264", "h265", "prores", "prores4444", "dnxhr"),
        "prores4444",
        "h265",
        "aac",
    ),
    ".mkv": Container(
        "an MKV",
        "matroska",
        ("h264", "h265", "prores", "prores4444", "vp9"),
        None,
        "h265",
        "aac",
    ),
    ".webm": Container("a WebM", "webm", ("vp9",), None, None, "libopus"),
    ".gif": Container("a GIF", "gif", (), None, None, None),
}


class FilmFormat(NamedTuple):
    """How a film is encoded.

    Attributes:
        container: its `Container`.
        codec: its `FilmCodec`.
        has_alpha: bool, whether transparency is written.
        is_deep: bool, whether more than 8 bits are.
    """

    container: Container
    codec: FilmCodec
    has_alpha: bool = False
    is_deep: bool = False

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name of how a pixel is stored."""
        codec = self.codec
        if self.has_alpha and codec.alpha_format:
            return codec.alpha_format
        if self.is_deep and codec.deep_format:
            return codec.deep_format
        return codec.pixel_format

    @property
    def options(self) -> dict[str, str]:
        """FFmpeg's options of the codec."""
        codec = self.codec
        return {
            **codec.options,
            **(codec.alpha_options if self.has_alpha else {}),
            **(codec.deep_options if self.is_deep else {}),
        }

    @property
    def segment_container(self) -> str:
        """FFmpeg's name of what holds a part of it."""
        return self.codec.segments

    @property
    def noun(self) -> str:
        """What a user calls it."""
        if self.container.codecs and self.codec is not _default(self.container):
            return f"{self.container.noun} of {self.codec.title}"
        return self.container.noun


def find_format(
    path: str | os.PathLike,
    *,
    codec: str | None = None,
    crf: int | None = None,
    has_alpha: bool = False,
    is_deep: bool = False,
) -> FilmFormat:
    """Returns the format of a film by its name.

    Args:
        path: of the film to write.
        codec: a name of `CODECS`, or None: what the suffix says.
        crf: the quality that is asked for, or None.
        has_alpha: whether there is transparency; it is kept where the kind
            of film can hold it.
        is_deep: whether there are more than 8 bits; they are kept likewise.

    Raises:
        InputError: for another suffix, a codec that it does not hold, and a
            quality that it cannot have.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in CONTAINERS:
        raise InputError(
            f"`{path}` has no suffix of a film: use {', '.join(CONTAINERS)}, "
            "or numbered frames, as frame_%04d.png."
        )
    container = CONTAINERS[suffix]
    if codec is not None:
        _check_codec(path, codec, container)
        chosen = CODECS[codec]
    elif has_alpha and container.alpha_codec:
        chosen = CODECS[container.alpha_codec]
    elif is_deep and container.deep_codec:
        chosen = CODECS[container.deep_codec]
    else:
        chosen = _default(container)
    found = FilmFormat(
        container,
        chosen,
        has_alpha=has_alpha and chosen.alpha_format is not None,
        is_deep=chosen.is_always_deep
        or (is_deep and chosen.deep_format is not None),
    )
    if crf is not None:
        _check_crf(path, crf, found)
    return found


def _default(container):
    return CODECS[container.codecs[0]] if container.codecs else GIF


def _check_crf(path, crf, film_format):
    worst = film_format.codec.worst_crf
    if worst is None:
        is_gif = film_format.codec is GIF
        noun = film_format.noun if is_gif else film_format.codec.title
        raise InputError(f"`{path}`: {noun} takes no --crf.")
    if not 0 <= crf <= worst:
        suffix = Path(path).suffix.lower()
        raise InputError(
            f"`{crf}` is no --crf of {suffix}: use 0, the best, to {worst}."
        )


def _check_codec(path, codec, container):
    if codec not in CODECS:
        raise InputError(
            f"There is no codec `{codec}`: use {', '.join(CODECS)}."
        )
    if codec in container.codecs:
        return
    suffixes = [
        suffix for suffix, each in CONTAINERS.items() if codec in each.codecs
    ]
    raise InputError(
        f"`{path}`: {container.noun} holds no {CODECS[codec].title}: use "
        f"{' or '.join(suffixes)}."
    )
