"""Finding: the picture files that a folder, a glob or a list stands for."""

import glob
import os
import re
from pathlib import Path

from multistyle.errors import InputError
from multistyle.images.codecs.formats import IMAGE_SUFFIXES


def find_images(spec):
    """Lists the picture files that `spec` stands for.

    Args:
        spec: a folder (searched recursively), a glob, a file, several of
            these separated by commas, or a list of these. What exists as
            written is not split at its commas. In folders and globs, hidden
            files are skipped and a suffix of `IMAGE_SUFFIXES` is needed.

    Returns:
        list of `Path`, each once. The parts of a list keep their order; within
        a part the order is natural ("a2" before "a10") on every platform.

    Raises:
        InputError: if a part matches nothing.
    """
    parts = [spec] if isinstance(spec, (str, os.PathLike)) else spec
    found = []
    for part in parts:
        part = os.fspath(part)
        pieces = filter(None, map(str.strip, part.split(",")))
        found += _matches(part) or [
            path for piece in pieces for path in _found(piece)
        ]
    if not found:
        raise InputError("No picture is given: name a file, folder or glob.")
    return list(dict.fromkeys(found))


def _found(piece):
    found = _matches(piece)
    if found:
        return found
    if Path(piece).expanduser().is_dir():
        raise InputError(
            f"`{piece}` holds no picture ({', '.join(IMAGE_SUFFIXES)})."
        )
    raise InputError(
        f"`{piece}` matches no picture: give a file, a folder or a glob."
    )


def _matches(piece):
    """Returns the pictures of one file, folder or glob; maybe none."""
    if not piece:
        return []
    path = Path(piece).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        candidates = []
        for folder, subfolders, names in os.walk(path):
            subfolders[:] = [s for s in subfolders if not s.startswith(".")]
            candidates += [
                Path(folder, name) for name in names if name[0] != "."
            ]
    else:
        candidates = map(Path, glob.glob(str(path), recursive=True))
    return sorted(
        (
            candidate
            for candidate in candidates
            if candidate.suffix.lower() in IMAGE_SUFFIXES
            and candidate.is_file()
        ),
        key=_natural_key,
    )


def _natural_key(path):
    # Text and digits alternate, so that only like is compared with like; the
    # path itself settles "a1" and "a01".
    runs = [re.split(r"([0-9]+)", part.casefold()) for part in path.parts]
    for run in runs:
        run[1::2] = map(int, run[1::2])
    return runs, str(path)
