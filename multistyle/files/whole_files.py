"""Files that appear whole or not at all."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from multistyle.errors import InputError, OutputError
from multistyle.files.homes import expand_home
from multistyle.files.temporaries import open_temporary

# What the system says where there is no room.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def try_file(path: str | os.PathLike[str]) -> None:
    """Raises what `whole_file` raises where it can make no file.

    For before the work, whose result would be lost. It leaves nothing there.

    Args:
        path: where a file shall stand, or stands and shall be replaced.
    """
    target = Path(os.path.realpath(expand_home(path)))
    folders = [
        folder for folder in target.parents if not os.path.exists(folder)
    ]
    try:
        file = _open_hidden(path, target)
        file.close()
        # Another process may have taken it for a killed one's.
        Path(file.name).unlink(missing_ok=True)
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
    the block leaves `path` as it was, too. What is replaced hands on who may
    read and write it. Missing folders are made, a symbolic link is followed,
    and a leading `~` is the home folder.

    Args:
        path: where the file shall stand.
        mode: "wb", or "w" for UTF-8 text with `\\n` at line ends.
        scratch: path of another folder on the same disk for the hidden file,
            which its owner empties if the process is killed.

    Yields:
        The open file; its `name` is the path of the hidden file.

    Raises:
        InputError: if a folder stands there.
        OutputError: if no file can be made there, or the disk is full.
    """
    target = Path(os.path.realpath(expand_home(path)))
    file = _open_hidden(path, target, mode, scratch)
    with full_disk_named(path):
        try:
            with file:
                shared = _share_as(target, file.name)
                yield file
                file.flush()
                os.fsync(file.fileno())
                if shared is not None:
                    os.chmod(file.name, shared)
                if os.name != "nt":  # There it has to be closed before.
                    os.replace(file.name, target)
            if os.name == "nt":
                os.replace(file.name, target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def full_disk_named(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raises OutputError, which names `path`, where a block fills the disk."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise cannot_write(path, error) from error


def is_folder_s(path: str | os.PathLike[str]) -> InputError:
    """Returns an error that says that `path` is a folder's, and no file's."""
    return InputError(f"`{path}` is a folder: give the name of a file.")


def cannot_write(path: str | os.PathLike[str], error: OSError) -> OutputError:
    """Returns an error that says why `path` cannot be written, what to do."""
    remedy = "Give another place."
    if error.errno in _FULL:
        remedy = "Make room, or give another place."
    if error.errno == errno.ENAMETOOLONG:
        remedy = "Give a shorter name."
    return OutputError(
        f"`{path}` cannot be written: {error.strerror}. {remedy}"
    )


def _open_hidden(
    path: str | os.PathLike[str],
    target: Path,
    mode: str = "wb",
    scratch: str | os.PathLike[str] | None = None,
) -> IO[Any]:
    """Opens the hidden file for `target`, which messages call `path`."""
    is_text = "b" not in mode
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if exists(target) and target.is_dir():
            raise is_folder_s(path)
        return open_temporary(
            Path(scratch or target.parent),
            target.name,
            mode.replace("w", "x"),
            encoding="utf-8" if is_text else None,
            newline="\n" if is_text else None,
        )
    except OSError as error:
        raise cannot_write(path, error) from error


def exists(target: Path) -> bool:
    """Says whether something stands there.

    Raises:
        OSError: where nothing can ever stand, as under too long a name; what
            `Path.exists` does then depends on Python.
    """
    try:
        os.stat(target)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _share_as(target, temporary):
    """Keeps a new file from those who may not read what it replaces.

    Returns the mode that it has to get when it is complete, or None.
    """
    if os.name == "nt" or not target.exists():
        return None
    former, own = target.stat(), os.stat(temporary)
    if (former.st_uid, former.st_gid) != (own.st_uid, own.st_gid):
        with contextlib.suppress(OSError):
            os.chown(temporary, former.st_uid, former.st_gid)
    mode = stat.S_IMODE(former.st_mode)
    os.chmod(temporary, mode | stat.S_IWUSR)
    return mode
