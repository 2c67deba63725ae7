"""Finding: the picture files that a folder, a glob or a list stands for."""

import fnmatch
import glob
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from multistyle.errors import InputError, InputWarning
from multistyle.files.homes import expand_home
from multistyle.images.codecs.formats import IMAGE_SUFFIXES

PathLike = str | os.PathLike[str]


class Findings(NamedTuple):
    """What a search found.

    Attributes:
        pictures: list of `Path`, each once.
        num_others: int, how many files of other kinds lie beside them in the
            folders and globs that were searched; hidden ones do not count.
    """

    pictures: list[Path]
    num_others: int


def find_images(spec: PathLike | Sequence[PathLike]) -> list[Path]:
    """Lists the picture files that `spec` stands for; see `search_images`."""
    return search_images(spec).pictures


def search_images(
    spec: PathLike | Sequence[PathLike], *, except_in: PathLike | None = None
) -> Findings:
    """Searches for the picture files that `spec` stands for.

    A folder is searched with its subfolders. Links to folders are followed,
    but each folder is searched once, so that loops end. In folders and globs
    hidden files are skipped, and a picture has a suffix of `IMAGE_SUFFIXES`; a
    link of such a name that leads nowhere counts as a picture, so that whoever
    reads it says so. An `InputWarning` names any other link that leads
    nowhere, and a folder that may not be opened.

    Args:
        spec: a folder, a glob, a file, several of these separated by commas,
            or a list of these. What exists as written is not split at its
            commas. A file that is named needs no suffix, and may be a pipe.
        except_in: path of a folder, such as that of the outputs, which is not
            searched where it lies in one that is.

    Returns:
        `Findings`. The parts of a list keep their order; within a part the
        order is natural ("a2" before "a10") on every platform.

    Raises:
        InputError: if a part matches nothing.
    """
    pictures: list[Path] = []
    others: set[Path] = set()
    for piece in split_spec(spec):
        found, beside = _sorted_out(piece, except_in)
        if not found:
            raise _nothing_in(piece, except_in)
        pictures += found
        others.update(beside)
    if not pictures:
        raise InputError("No picture is given: name a file, folder or glob.")
    return Findings(list(dict.fromkeys(pictures)), len(others))


def split_spec(spec: PathLike | Sequence[PathLike]) -> list[str]:
    """Splits what `search_images` takes into files, folders and globs."""
    parts = [spec] if isinstance(spec, (str, os.PathLike)) else spec
    pieces = []
    for given in parts:
        part = os.fspath(given)
        if exists_as_written(part):
            pieces.append(part)
        else:
            pieces += filter(None, map(str.strip, part.split(",")))
    return pieces


def exists_as_written(part: str) -> bool:
    """Says whether a text is a file, a folder, or a glob of some."""
    path = str(expand_home(part))
    return bool(part) and (os.path.exists(path) or any(_files_matching(path)))


def _nothing_in(piece, except_in):
    if os.path.isdir(expand_home(piece)):
        beside = f" outside `{except_in}`" if except_in else ""
        return InputError(
            f"`{piece}` holds no picture ({', '.join(IMAGE_SUFFIXES)}){beside}."
        )
    return InputError(
        f"`{piece}` matches no picture: give a file, a folder or a glob."
    )


def _sorted_out(piece, except_in):
    """Returns the pictures of a file, folder or glob, and its other files."""
    path = expand_home(piece)
    if os.path.isdir(path):
        candidates = _files_under(path, except_in)
    elif os.path.exists(path):
        return [path], []
    else:
        candidates = _files_matching(str(path), except_in)
    pictures, others = [], []
    for candidate in candidates:
        is_picture = candidate.suffix.lower() in IMAGE_SUFFIXES
        if os.path.isfile(candidate) or (
            is_picture and _leads_nowhere(candidate)
        ):
            (pictures if is_picture else others).append(candidate)
        elif _leads_nowhere(candidate):
            _warn(f"`{candidate}` is a link that leads nowhere.")
    return sorted(pictures, key=_natural_key), others


def _files_under(top: Path, except_in: PathLike | None) -> Iterator[Path]:
    """Lists the files under a folder; each folder is walked through once."""
    seen = set()
    if except_in is not None and not _is_same(except_in, top):
        seen.add(_identity(except_in))
    # The folders themselves come first, the links to others after them.
    left = [top]
    while left:
        beside = []
        for folder, subfolders, names in os.walk(left.pop(0), onerror=_refused):
            own = _identity(folder)
            subfolders[:] = [s for s in subfolders if not s.startswith(".")]
            if own in seen:
                subfolders.clear()
                continue
            seen.add(own)
            beside += [Path(folder, name) for name in subfolders]
            for name in names:
                if not name.startswith("."):
                    yield Path(folder, name)
        left += sorted(beside, key=_natural_key)


def _files_matching(
    pattern: str, except_in: PathLike | None = None
) -> Iterable[Path]:
    """Lists what a glob matches; `**` passes through each folder once."""
    parts = Path(pattern).parts
    if "**" in parts:
        place = parts.index("**")
        tops = glob.iglob(str(Path(*parts[:place])))
        return (
            path
            for top in filter(os.path.isdir, tops)
            for path in _files_under(Path(top), except_in)
            if _fits(path.relative_to(top).parts, parts[place:])
        )
    found = map(Path, glob.iglob(pattern))
    if except_in is None:
        return found
    outputs = os.path.realpath(expand_home(except_in))
    return (
        path
        for path in found
        if not Path(os.path.realpath(path)).is_relative_to(outputs)
    )


def _fits(names, patterns):
    """Whether the parts of a path fit a glob's; `**` fits any number."""
    if not patterns:
        return not names
    if patterns[0] == "**":
        return any(
            _fits(names[i:], patterns[1:]) for i in range(len(names) + 1)
        )
    return (
        len(names) > 0
        and fnmatch.fnmatch(names[0], patterns[0])
        and _fits(names[1:], patterns[1:])
    )


def _leads_nowhere(path):
    return os.path.islink(path) and not os.path.exists(path)


def _refused(error):
    _warn(f"`{error.filename}` cannot be opened: {error.strerror}.")


def _warn(message):
    warnings.warn(f"{message} It is left out.", InputWarning, stacklevel=2)


def _is_same(path, other):
    return _identity(path) == _identity(other)


def _identity(path):
    """Returns what tells a folder from another; None if it is not there."""
    try:
        status = os.stat(expand_home(path))
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _natural_key(path):
    # Text and numbers alternate, so that text is compared with text. Of "a1"
    # and "a01" the path itself decides.
    runs = [re.split(r"([0-9]+)", part.casefold()) for part in path.parts]
    for run in runs:
        run[1::2] = map(int, run[1::2])
    return runs, str(path)
