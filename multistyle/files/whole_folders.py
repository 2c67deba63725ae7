"""Folders that appear whole or not at all."""

import contextlib
import os
import secrets
import shutil
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.whole_files import full_disk_named


@contextlib.contextmanager
def whole_folder(path, mark, overwrite=False):
    """Makes a folder that takes its name only when it is complete.

    It grows as a hidden folder beside, and is renamed on leaving the block;
    on an exception it is removed and `path` stays as it was.

    Args:
        path: where the folder shall stand; an empty folder there is taken.
        mark: name of a file that such folders hold. With `overwrite`, only a
            folder that holds it is replaced, so that a mistyped path cannot
            remove something else.
        overwrite: bool, whether to replace a folder that stands there.

    Yields:
        Path of the hidden folder, empty.

    Raises:
        InputError: if something stands at `path` that may not be replaced, if
            no folder can be made there, or if the disk is full.
    """
    target = Path(os.path.realpath(path))
    is_free = not target.exists() or (
        target.is_dir() and not any(target.iterdir())
    )
    if not is_free and not overwrite:
        raise InputError(
            f"`{path}` exists already: give another name, or --overwrite."
        )
    if not is_free and not (target / mark).is_file():
        raise InputError(
            f"`{path}` is not replaced, because it holds no `{mark}`: give "
            "another name, or remove it yourself."
        )
    growing, old = (
        target.with_name(f".{secrets.token_hex(4)}.{target.name[-40:]}")
        for _ in range(2)
    )
    try:
        growing.mkdir(parents=True)
    except OSError as error:
        raise InputError(
            f"`{path}` cannot be written: {error.strerror}."
        ) from error
    with full_disk_named(path):
        try:
            yield growing
            if target.exists():
                target.rename(old)
            growing.rename(target)
        except BaseException:
            shutil.rmtree(growing, ignore_errors=True)
            if old.exists() and not target.exists():
                old.rename(target)
            raise
    shutil.rmtree(old, ignore_errors=True)


def is_folder(output):
    """Says whether an output's name stands for a folder."""
    text = os.fspath(output)
    return (
        text.endswith(("/", os.sep))
        or Path(text).is_dir()
        or not Path(text).suffix
    )
