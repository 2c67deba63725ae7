"""Temporary files and folders: hidden, and locked while they are in use.

A process that is killed leaves them behind, without a lock; whoever writes in
the same folder later removes them.
"""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from multistyle.files.locks import try_lock

# Nobody but this package gives a file such a name.
_TEMPORARY = re.compile(r"\.multistyle-[0-9a-f]{8}\.tmp\.")

_searched: set[str] = set()


def temporary_name(name: str) -> str:
    """Returns a new hidden name for what shall become `name`.

    It ends as `name` does, so that the suffix stays, and is no longer than
    file systems allow.
    """
    return f".multistyle-{secrets.token_hex(4)}.tmp.{_end(name)}"


def name_of_former(name: str) -> str:
    """Returns a new hidden name for what was `name`; nobody removes it."""
    return f".multistyle-{secrets.token_hex(4)}.old.{_end(name)}"


def open_temporary(
    folder: Path,
    name: str,
    mode: str,
    *,
    encoding: str | None = None,
    newline: str | None = None,
) -> IO[Any]:
    """Opens a temporary file, and removes those that nobody uses any more.

    Args:
        folder: path of a folder that is there.
        name: what the file shall become.
        mode: "xb", or "x" for text.
        encoding, newline: see `open`.

    Returns:
        The open file, locked until it is closed; its `name` is its path.

    Raises:
        OSError: if no file can be made there.
    """
    _remove_once(folder)
    while True:
        file = open(
            folder / temporary_name(name),
            mode,
            encoding=encoding,
            newline=newline,
        )
        if _is_mine(file.fileno(), file.name):
            return file
        file.close()


@contextlib.contextmanager
def temporary_folder(folder: Path, name: str) -> Iterator[Path]:
    """Makes a temporary folder, which is removed if it still has its name.

    Args:
        folder: path of the folder around it, which is there.
        name: what the folder shall become.

    Yields:
        Its path; it is locked within the block.

    Raises:
        OSError: if no folder can be made there.
    """
    _remove_once(folder)
    with contextlib.ExitStack() as stack:
        while True:
            path = folder / temporary_name(name)
            path.mkdir()
            stack.callback(shutil.rmtree, path, ignore_errors=True)
            if os.name == "nt":  # Folders have no locks there.
                break
            number = os.open(path, os.O_RDONLY)
            stack.callback(os.close, number)
            if _is_mine(number, path):
                break
        yield path


def remove_leftovers(folder: str | os.PathLike[str]) -> None:
    """Removes the temporary files and folders that killed processes left.

    What has another name stays, and so does what a process still writes.

    Args:
        folder: path, searched with its subfolders; it may be missing.
    """
    _remove(Path(folder).rglob(".multistyle-*"))


def _end(name):
    return name[-40:].lstrip(".")


def _remove_once(folder):
    """Removes what was left in a folder when it is first written to."""
    if str(folder) not in _searched:
        _searched.add(str(folder))
        _remove(folder.glob(".multistyle-*"))


def _remove(paths: Iterable[Path]) -> None:
    found: list[Path] = []
    with contextlib.suppress(OSError):  # Of a folder that may not be listed.
        found += paths
    for path in found:
        if _TEMPORARY.match(path.name) and not path.is_symlink():
            with contextlib.suppress(OSError):
                _remove_unused(path)


def _remove_unused(path):
    if os.name == "nt":
        # It refuses for a file that is open; nothing is said of a folder.
        path.unlink()
        return
    is_folder = path.is_dir()
    number = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        if not try_lock(number):
            return
        if is_folder:
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    finally:
        os.close(number)


def _is_mine(number, path):
    """Locks what was just made; False where another removed it meanwhile."""
    if os.name == "nt":
        return True
    try_lock(number, waits=True)
    return os.path.lexists(path)
