"""Files that appear whole or not at all."""

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from multistyle.errors import InputError

# What the system says where there is no room.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LEFTOVER = re.compile(r"\.[0-9a-f]{8}\.")


def refuse_existing(path, overwrite=False):
    """Raises InputError if `path` exists and may not be overwritten."""
    if not overwrite and Path(path).exists():
        raise InputError(
            f"`{path}` exists already: give another name, or --overwrite."
        )


def try_file(path: str | os.PathLike[str]) -> None:
    """Raises InputError where `whole_file` could not make a file.

    For before the work, whose result would be lost. It leaves nothing there.

    Args:
        path: where a file shall stand, or stands and shall be replaced.
    """
    target = Path(os.path.realpath(path))
    folders = [folder for folder in target.parents if not folder.exists()]
    try:
        file = _open_hidden(path, target)
        file.close()
        Path(file.name).unlink()
    finally:
        for folder in folders:
            with contextlib.suppress(OSError):
                folder.rmdir()


@contextlib.contextmanager
def whole_file(
    path: str | os.PathLike[str],
    mode: str = "wb",
    *,
    scratch: str | os.PathLike[str] | None = None,
) -> Iterator[IO[Any]]:
    """Opens a file that takes its name only when it is complete.

    The bytes go to a hidden file, which keeps the suffix, in the same folder.
    On leaving the block it is flushed to the disk and renamed over `path`; on
    an exception it is removed and `path` stays as it was. A process killed in
    the block leaves `path` as it was, too. Missing folders are made, and a
    symbolic link is followed.

    Args:
        path: where the file shall stand.
        mode: "wb", or "w" for UTF-8 text with `\\n` at line ends.
        scratch: path of another folder on the same disk for the hidden file,
            which its owner empties if the process is killed.

    Yields:
        The open file; its `name` is the path of the hidden file.

    Raises:
        InputError: if no file can be made there, or the disk is full.
    """
    target = Path(os.path.realpath(path))
    file = _open_hidden(path, target, mode, scratch)
    with full_disk_named(path):
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(file.name, target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def full_disk_named(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raises InputError, which names `path`, where a block fills the disk."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise InputError(
            f"`{path}` cannot be written: {error.strerror}. Make room, or give "
            "another place."
        ) from error


def _open_hidden(
    path: str | os.PathLike[str],
    target: Path,
    mode: str = "wb",
    scratch: str | os.PathLike[str] | None = None,
) -> IO[Any]:
    """Opens the hidden file for `target`, which messages call `path`."""
    # The end of the name keeps the suffix, and a long name within the limit.
    name = f".{secrets.token_hex(4)}.{target.name[-40:].lstrip('.')}"
    temporary = Path(scratch or target.parent) / name
    is_text = "b" not in mode
    try:
        if target.is_dir():
            raise InputError(f"`{path}` is a folder: give the name of a file.")
        target.parent.mkdir(parents=True, exist_ok=True)
        return open(
            temporary,
            mode.replace("w", "x"),
            encoding="utf-8" if is_text else None,
            newline="\n" if is_text else None,
        )
    except OSError as error:
        raise InputError(
            f"`{path}` cannot be written: {error.strerror}."
        ) from error


def remove_leftovers(folder):
    """Removes the hidden files that killed processes left in a folder.

    Only for folders in which no other process writes by `whole_file`.

    Args:
        folder: path, searched with its subfolders; it may be missing.
    """
    for path in Path(folder).rglob(".*"):
        if _LEFTOVER.match(path.name):
            path.unlink(missing_ok=True)
