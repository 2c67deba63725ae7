"""Uploads: files of a visitor, looked through before they are kept."""

import asyncio
import re
import secrets
import shutil
import urllib.parse
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.images.codecs.formats import ANIMATION_FORMATS
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import opened
from multistyle.server.limits import Limits
from multistyle.server.refusals import Refusal

KINDS = ("picture", "painting", "mask", "film", "model")
_PERMISSIONS = {"painting": "learning", "film": "films", "model": "models"}
# What a name keeps; the rest would be a pattern or a place.
_OTHER = re.compile(r"[^\w .()-]+")
_LONGEST_NAME = 80
# FFmpeg's names of what a film may come in.
_FILM_FORMATS = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi"),
    *("gif", "mpegts", "mpeg", "ogg", "flv", "asf"),
)
# Seconds between two parts of a file.
_PATIENCE = 30.0
# Bytes that stay free on the disk.
_SPARE = 500_000_000


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file.

    Attributes:
        kind: one of `KINDS`.
        path: of the file, alone in its folder.
        width, height: of a picture or a film, upright.
        seconds, frames: of a film.
    """

    id: str
    kind: str
    path: Path
    bytes: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    frames: int | None = None

    def describe(self) -> dict[str, Any]:
        """Returns what the visitor is told, for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.path.name,
            "bytes": self.bytes,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "frames": self.frames,
        }

    def remove(self) -> None:
        """Removes the file, and its folder."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def check_kind(kind: str, limits: Limits) -> str:
    """Returns a kind of upload that this server takes, or refuses it."""
    if kind not in KINDS:
        raise Refusal(
            f"An upload is one of {', '.join(KINDS)}; got `{kind[:40]}`."
        )
    if kind in _PERMISSIONS:
        limits.check_allowed(_PERMISSIONS[kind])
    return kind


def read_name(quoted: str) -> str:
    """Reads the name of a file; what could be more than a name goes."""
    name = urllib.parse.unquote(quoted).replace("\\", "/").rpartition("/")[2]
    name = _OTHER.sub("_", name).strip(" .")
    return name[-_LONGEST_NAME:].lstrip(" .") or "file"


async def patient(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yields what comes in, and waits for it, but not for ever.

    Raises:
        Refusal: if nothing comes for a while.
    """
    while True:
        try:
            async with asyncio.timeout(_PATIENCE):
                chunk = await anext(chunks, None)
        except TimeoutError:
            raise Refusal(
                f"Nothing came for {_PATIENCE:g} seconds: send it again.", 408
            ) from None
        if chunk is None:
            return
        yield chunk


async def receive(
    chunks: AsyncIterator[bytes], folder: Path, name: str, limits: Limits
) -> Path:
    """Writes what comes in to a file, or leaves nothing.

    Args:
        chunks: of the body.
        folder: of the visitor.
        name: of the file.
        limits: how large it may be.

    Returns:
        Path of the file, alone in a new folder.

    Raises:
        Refusal: if it is empty or too large, or the disk is nearly full.
    """
    own_folder = folder / secrets.token_hex(8)
    own_folder.mkdir()
    path = own_folder / name
    count = 0
    try:
        with open(path, "xb") as file:
            async for chunk in chunks:
                count += len(chunk)
                limits.check_bytes(count)
                file.write(chunk)
                if shutil.disk_usage(folder).free < _SPARE:
                    raise Refusal(
                        "The server's disk is nearly full: try again later.",
                        503,
                    )
        if not count:
            raise Refusal(f"`{name}` is empty: give another file.")
    except BaseException:
        shutil.rmtree(own_folder, ignore_errors=True)
        raise
    return path


def look_through(kind: str, path: Path, limits: Limits) -> Upload:
    """Reads a file as far as it takes to know that it can be used.

    Args:
        kind: one of `KINDS`.
        path: of the file.
        limits: what a picture or a film may have.

    Raises:
        InputError: if it cannot be read, or has too much of something.
    """
    facts: dict[str, Any] = {}
    look: dict[str, Callable[[Path, Limits], dict[str, Any]]] = {
        "picture": _picture_facts,
        "painting": _picture_facts,
        "mask": _picture_facts,
        "film": _film_facts,
    }
    if kind in look:
        facts = look[kind](path, limits)
    return Upload(
        id=path.parent.name,
        kind=kind,
        path=path,
        bytes=path.stat().st_size,
        **facts,
    )


def _picture_facts(path, limits):
    # The size is known before anything is decoded.
    with opened(path, max_pixels=float("inf")) as image:
        size = image.size
        is_moving = image.format in ANIMATION_FORMATS
        num_frames = getattr(image, "n_frames", 1) if is_moving else 1
    limits.check_pixels(*size)
    limits.check_frames(num_frames, *size)
    height, width = read_image(path).shape[:2]
    return {"width": width, "height": height}


def _film_facts(path, limits):
    # Late: films are an extra.
    from multistyle.video.decoding.reader import FilmReader
    from multistyle.video.packages import import_av

    # A playlist would make FFmpeg read other files, or fetch them.
    av = import_av()
    try:
        options = {"format_whitelist": ",".join(_FILM_FORMATS)}
        av.open(str(path), options=options).close()
    except av.error.FFmpegError as error:
        raise InputError(
            f"`{path}` is no film that can be read here: it is damaged, or "
            "of another kind than .mp4, .mov, .webm, .mkv, .avi and .gif."
        ) from error
    reader = FilmReader(path)
    height, width = reader.size
    limits.check_pixels(width, height)
    frames = reader.num_frames
    if frames is None:
        raise InputError(
            f"`{path}` does not say how long it is: save it anew as .mp4."
        )
    return {
        "width": width,
        "height": height,
        "seconds": round(frames / float(reader.rate), 3),
        "frames": frames,
    }
