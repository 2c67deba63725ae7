"""Where outputs go: a tree like the photographs', apart from what is read."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.remote import find_remote, full_url, is_remote
from multistyle.images.codecs.formats import IMAGE_SUFFIXES, writable_name
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
    if is_remote(folder):
        folder = full_url(os.fspath(folder))
    named, num_others = _search(specs, except_in or folder)
    outputs = {name: PurePosixPath(writable_name(name)) for name in named}
    _check_distinct(
        {
            named[name]: join_place(folder, output)
            for name, output in outputs.items()
        }
    )
    works = []
    for name, output in outputs.items():
        path = str(named[name])
        if copies is None:
            works.append(Work(name, path, join_place(folder, output)))
            continue
        for copy in range(1, copies + 1):
            numbered = output.with_name(f"{output.stem}_{copy}{output.suffix}")
            works.append(Work(name, path, join_place(folder, numbered), copy))
    return FoundWorks(works, num_others)


def join_place(
    folder: str | os.PathLike[str], name: str | os.PathLike[str]
) -> str:
    """Returns the path, or the URL, of what a folder holds."""
    if is_remote(folder):
        return f"{os.fspath(folder).rstrip('/')}/{name}"
    return str(expand_home(folder) / name)


def _search(specs, except_in):
    """Returns dict name -> path of photographs, and a count of other files."""
    photographs: dict[str, Path] = {}
    roots = []
    num_others = 0
    named: dict[str, str | Path] = {}
    for spec in specs:
        if is_remote(spec):
            num_others += _search_remote(spec, except_in, named)
            continue
        path = expand_home(spec)
        tree = os.path.abspath(path) if os.path.isdir(path) else None
        found = search_images(spec, except_in=except_in)
        num_others += found.num_others
        for path in found.pictures:
            full = os.path.abspath(path)
            photographs.setdefault(full, path)
            roots.append(tree or os.path.dirname(full))
    try:
        root = os.path.commonpath(roots) if roots else ""
    except ValueError as error:
        raise InputError(
            "The photographs lie on different drives: give those of one."
        ) from error
    for full, path in photographs.items():
        _add(named, Path(os.path.relpath(full, root)).as_posix(), path)
    return named, num_others


def _search_remote(spec, except_in, named):
    """Adds the photographs of a URL, and returns the number of other files."""
    num_pictures = num_others = 0
    outputs = full_url(except_in) + "/" if is_remote(except_in) else ""
    for file in find_remote(spec):
        root = file.url.removesuffix(file.name)
        lies_within = outputs.startswith(root) and outputs != root
        if lies_within and file.url.startswith(outputs):
            continue
        if PurePosixPath(file.name).suffix.lower() in IMAGE_SUFFIXES:
            _add(named, file.name, file.url)
            num_pictures += 1
        else:
            num_others += 1
    if not num_pictures:
        raise InputError(
            f"`{spec}` holds no picture ({', '.join(IMAGE_SUFFIXES)})."
        )
    return num_others


def _add(named, name, path):
    other = named.setdefault(name, path)
    if other != path:
        raise _one_output(other, path, name)


def _check_distinct(outputs):
    owners = {}
    for photograph, output in outputs.items():
        owner = owners.setdefault(output, photograph)
        if owner != photograph:
            raise _one_output(owner, photograph, output)


def _one_output(photograph, other, output):
    return InputError(
        f"`{photograph}` and `{other}` would both be written to `{output}`: "
        "paint them by two commands."
    )


def check_apart(
    sources: Iterable[Any], outputs: Iterable[str | os.PathLike[str]]
) -> None:
    """Raises InputError if an output would land on what is read."""
    paths = list(sources)
    known = {_identity(path) for path in paths}
    urls = set(filter(is_remote, paths))
    for output in outputs:
        if output in urls or (
            os.path.exists(output) and _identity(output) in known
        ):
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
