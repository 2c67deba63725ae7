"""Outputs: whether a file may be written, found before the work for it."""

import os

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import is_folder_s, try_file


def check_output_path(
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    makes: bool = True,
) -> None:
    """Tries whether a file may and can be written, and leaves nothing behind.

    Args:
        path: where the file shall stand, in folders that may be missing.
        overwrite: whether a file there may be replaced.
        makes: whether one is made there, and removed. Else, as where another
            was made in the same folder, what stands there decides.

    Raises:
        InputError: if a file stands there that may not be replaced, or if
            a folder does.
        OutputError: if the system lets no file be made there.
    """
    if not overwrite and os.path.isfile(expand_home(path)):
        raise InputError(
            f"`{path}` exists already: give another name, or --overwrite "
            "(`overwrite=True` in Python)."
        )
    if makes:
        try_file(path)
    elif os.path.isdir(expand_home(path)):
        raise is_folder_s(path)
