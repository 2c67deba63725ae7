"""Where outputs go: a tree like the photographs', apart from what is read."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.formats import writable_name
from multistyle.images.finding import search_images


def map_outputs(
    specs: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    except_in: str | os.PathLike[str] | None = None,
) -> tuple[dict[Path, Path], int]:
    """Gives each photograph a place in a tree like its own.

    Where `except_in` lies in a folder that is searched, what it holds is no
    photograph. A format that cannot be written becomes PNG.

    Args:
        specs: list of what `find_images` takes.
        folder: path of the folder for the outputs.
        except_in: path of a folder of outputs; None is `folder`.

    Returns:
        Dict path of the photograph -> path of its output, in order; and how
        many files of other kinds lie beside the photographs.

    Raises:
        InputError: if there is no photograph, or no folder that holds all, or
            if two would have one output.
    """
    photographs: dict[str, Path] = {}
    roots = []
    num_others = 0
    for spec in specs:
        path = expand_home(spec)
        tree = os.path.abspath(path) if path.is_dir() else None
        found = search_images(spec, except_in=except_in or folder)
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
    outputs = {
        path: Path(folder, writable_name(os.path.relpath(full, root)))
        for full, path in photographs.items()
    }
    _check_distinct(outputs)
    return outputs, num_others


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
