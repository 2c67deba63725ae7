"""Where outputs go: a tree like the photographs', apart from what is read."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.formats import writable_name
from multistyle.images.finding import search_images
from multistyle.inference.runs.work import Work


class FoundWorks(NamedTuple):
    """What is to be made of the photographs that were found.

    Attributes:
        works: list of `Work`, in order.
        num_others: how many files beside the photographs are of other kinds.
    """

    works: list[Work]
    num_others: int


def find_works(
    specs: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    copies: int | None = None,
    except_in: str | os.PathLike[str] | None = None,
) -> FoundWorks:
    """Finds photographs, each with a place in a tree like its own.

    The outputs stand under the folder as the photographs stand under the
    deepest folder that holds them all. A format that cannot be written
    becomes PNG.

    Args:
        specs: list of what `find_images` takes.
        folder: path of the folder for the outputs.
        copies: how many numbered outputs of each, or None for one that bears
            its name.
        except_in: path of a folder of outputs, where there is no photograph;
            None is `folder`.

    Raises:
        InputError: if there is no photograph, or no folder that holds all, or
            if two would have one output.
    """
    folder = expand_home(folder)
    named, num_others = _search(specs, except_in or folder)
    outputs = {name: Path(folder, writable_name(name)) for name in named}
    _check_distinct({named[name]: output for name, output in outputs.items()})
    works = []
    for name, output in outputs.items():
        path = str(named[name])
        if copies is None:
            works.append(Work(name, path, str(output)))
            continue
        for copy in range(1, copies + 1):
            numbered = output.with_name(f"{output.stem}_{copy}{output.suffix}")
            works.append(Work(name, path, str(numbered), copy))
    return FoundWorks(works, num_others)


def _search(specs, except_in):
    """Returns dict name -> path of photographs, and a count of other files."""
    photographs: dict[str, Path] = {}
    roots = []
    num_others = 0
    for spec in specs:
        path = expand_home(spec)
        tree = os.path.abspath(path) if path.is_dir() else None
        found = search_images(spec, except_in=except_in)
        num_others += found.num_others
        for path in found.pictures:
            full = os.path.abspath(path)
            photographs.setdefault(full, path)
            roots.append(tree or os.path.dirname(full))
    try:
        root = os.path.commonpath(roots)
    except ValueError as error:
        raise InputError(
            "The photographs lie on different drives: give those of one."
        ) from error
    named = {
        Path(os.path.relpath(full, root)).as_posix(): path
        for full, path in photographs.items()
    }
    return named, num_others


def _check_distinct(outputs):
    owners = {}
    for photograph, output in outputs.items():
        owner = owners.setdefault(output, photograph)
        if owner != photograph:
            raise InputError(
                f"`{owner}` and `{photograph}` would both be written to "
                f"`{output}`: paint them by two commands."
            )


def check_apart(
    sources: Iterable[Any], outputs: Iterable[str | os.PathLike[str]]
) -> None:
    """Raises InputError if an output would land on what is read."""
    by_identity = {_identity(path): path for path in sources}
    for output in outputs:
        if os.path.exists(output) and _identity(output) in by_identity:
            raise InputError(
                f"`{output}` is a picture that is to be read: give another "
                "--output."
            )


def _identity(path):
    # Of the file itself: links and the case of letters do not matter. Of
    # standard input, the file that is read from. What is missing has none.
    try:
        status = os.stat(getattr(path, "origin", path))
    except OSError:
        return None
    return status.st_dev, status.st_ino
