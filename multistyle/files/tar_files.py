"""Tar files, whole or not at all."""

import io
import os
import re
import tarfile
from collections.abc import Iterable
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.whole_files import whole_file

# Of the number in the name of one of several files.
_NUMBER = re.compile(r"%0?[1-9]?d")


def write_tar(
    path: str | os.PathLike[str], members: Iterable[tuple[str, Path | bytes]]
) -> None:
    """Writes a tar file; the same members give the same bytes.

    Args:
        path: where the file shall stand; one that is there is replaced.
        members: pairs of a name, with `/` between folders, and of what it
            holds: the path of a file, or bytes.

    Raises:
        OutputError: if no file can be made there.
    """
    with (
        whole_file(path) as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, content in members:
            data = (
                content if isinstance(content, bytes) else content.read_bytes()
            )
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def is_tar_pattern(output: str | os.PathLike[str]) -> bool:
    """Whether an output stands for numbered tar files.

    Raises:
        InputError: for a tar file without a number.
    """
    name = Path(output).name
    if Path(name).suffix.lower() != ".tar":
        return False
    if name.count("%") == 1 and _NUMBER.search(name):
        return True
    raise InputError(
        f"`{output}` must say where the number of each tar file goes: "
        f"`{Path(output).with_suffix('')}-%06d.tar`."
    )
