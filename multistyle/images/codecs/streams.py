"""Streams: what comes through pipes and devices, which may never end."""

import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

from multistyle.errors import InputError
from multistyle.files.homes import expand_home

# The name of standard input, or output, in place of a path.
STREAM = "-"
MAX_BYTES = 500_000_000


class Stream(io.BytesIO):
    """What comes through a pipe, held so that it can be read again.

    Args:
        file: open binary file, read to its end.
        name: what messages call it.
        origin: what `os.stat` knows it by: an open file's number, or a path.

    Raises:
        InputError: if more than 500 MB come.
    """

    def __init__(self, file: BinaryIO, name: str, origin: int | str) -> None:
        try:
            super().__init__(read_pipe(file))
        except InputError as error:
            raise InputError(f"`{name}` {error}") from error
        self.name = name
        self.origin = origin


def hold(path: str | os.PathLike[str]) -> Path | Stream:
    """Makes what a path names a source that can be read again and again.

    Args:
        path: of a file, a named pipe, or a device such as `/dev/stdin`.

    Returns:
        The path of an ordinary file, or a `Stream` of anything else.

    Raises:
        InputError: if it is a terminal, or cannot be opened.
    """
    path = expand_home(path)
    if not _is_pipe(path):
        return path
    try:
        with open(path, "rb") as file:
            if file.isatty():
                raise InputError(
                    f"`{path}` is a terminal: pipe a picture into it."
                )
            return Stream(file, str(path), str(path))
    except OSError as error:
        raise InputError(
            f"`{path}` cannot be read: {error.strerror}."
        ) from error


def read_pipe(file: BinaryIO) -> bytes:
    """Reads what comes through a pipe, to its end.

    Raises:
        InputError: if more than 500 MB come; the message goes on after a name.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"gives more than {MAX_BYTES / 1e6:.0f} MB: save the picture as "
            "a file."
        )
    return data


def _is_pipe(path):
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):  # Whoever opens it says why.
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)
