"""Folders that appear whole or not at all."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.temporaries import name_of_former, temporary_folder
from multistyle.files.whole_files import (
    cannot_write,
    exists,
    full_disk_named,
)


@contextlib.contextmanager
def whole_folder(
    path: str | os.PathLike[str], mark: str, *, overwrite: bool = False
) -> Iterator[Path]:
    """Makes a folder that takes its name only when it is complete.

    It grows as a hidden folder beside, and is renamed on leaving the block;
    on an exception it is removed and `path` stays as it was.

    Args:
        path: where the folder shall stand; an empty folder there is taken.
        mark: name of a file that such folders hold. With `overwrite`, only a
            folder that holds it is replaced, so that a mistyped path cannot
            remove something else.
        overwrite: whether to replace a folder that stands there.

    Yields:
        Path of the hidden folder, empty.

    Raises:
        InputError: if something stands at `path` that may not be replaced, if
            no folder can be made there, or if the disk is full.
    """
    target = _find_target(path, mark, overwrite)
    former = target.with_name(name_of_former(target.name))
    with _growing_folder(path, target) as growing, full_disk_named(path):
        yield growing
        try:
            if target.exists():
                target.rename(former)
            growing.rename(target)
        except BaseException:
            if former.exists() and not target.exists():
                former.rename(target)
            raise
    shutil.rmtree(former, ignore_errors=True)


def try_folder(
    path: str | os.PathLike[str], mark: str, *, overwrite: bool = False
) -> None:
    """Raises InputError where `whole_folder` could not make a folder.

    For before the work, whose result would be lost. It leaves nothing there.

    Args:
        path, mark, overwrite: see `whole_folder`.
    """
    target = _find_target(path, mark, overwrite)
    missing = [
        folder for folder in target.parents if not os.path.exists(folder)
    ]
    try:
        with _growing_folder(path, target):
            pass
    finally:
        for folder in missing:
            with contextlib.suppress(OSError):
                folder.rmdir()


def is_folder(output: str | os.PathLike[str]) -> bool:
    """Says whether an output's name stands for a folder."""
    text = os.fspath(output)
    return (
        text.endswith(("/", os.sep))
        or os.path.isdir(expand_home(text))
        or not Path(text).suffix
    )


def _find_target(path, mark, overwrite):
    """Returns where the folder shall stand, or raises why it may not."""
    target = Path(os.path.realpath(expand_home(path)))
    try:
        if not exists(target) or not any(target.iterdir()):
            return target
    except NotADirectoryError:
        pass  # A file stands there.
    except OSError as error:
        raise cannot_write(path, error) from error
    if not overwrite:
        raise InputError(
            f"`{path}` exists already: give another name, or --overwrite "
            "(`overwrite=True` in Python)."
        )
    if not (target / mark).is_file():
        raise InputError(
            f"`{path}` is not replaced, because it holds no `{mark}`: give "
            "another name, or remove it yourself."
        )
    return target


@contextlib.contextmanager
def _growing_folder(path, target):
    """Makes the hidden folder beside `target`, which messages call `path`."""
    with contextlib.ExitStack() as stack:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            exists(target)  # Raises where its name is too long.
            growing = stack.enter_context(
                temporary_folder(target.parent, target.name)
            )
        except OSError as error:
            raise cannot_write(path, error) from error
        yield growing
