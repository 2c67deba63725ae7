"""Blend lists: files that say of each output what it is made of, and how."""

import csv
import difflib
import io
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from multistyle.blends.region_specs import split_masks
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.json_files import parse_json
from multistyle.files.texts import read_text
from multistyle.images.codecs.formats import writable_name
from multistyle.inference.runs.output_tree import join_place
from multistyle.inference.runs.records import FILE_FACTS
from multistyle.inference.runs.work import Work

# What a column of a flag's name holds. Other columns go along, into records.
COLUMNS: dict[str, type] = {
    "style_weights": str,
    "mask": str,
    "gradient": str,
    "extrapolate": bool,
    "strength": float,
    "keep_colors": str,
    "max_size": int,
    "strokes": str,
    "stroke_scale": float,
    "tiling": str,
    "strip_metadata": bool,
}
# Those of a manifest that are no setting.
_OF_MANIFEST = ("finished", *FILE_FACTS)
# What records say themselves.
_OF_RECORD = ("input", "output", "status", "seconds", "error")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class BlendList(NamedTuple):
    """What a file lists.

    Attributes:
        works: list of `Work`, each with its settings; empty of a manifest of
            before inputs were recorded, whose blends `ContentList` reads.
        defaults: settings of those that say nothing themselves.
    """

    works: list[Work]
    defaults: dict[str, Any]


def read_blend_list(
    path: str | os.PathLike[str],
    root: str | os.PathLike[str],
    folder: str | os.PathLike[str],
) -> BlendList:
    """Reads a list of outputs: CSV with a header, or a JSON object a line.

    Each has an "input", maybe an "output", and settings by the names of the
    flags, as in "style_weights" and "strength". The manifest of a run is such
    a list, and its options are the defaults.

    Args:
        path: of the file; CSV where its name ends in .csv.
        root: path or URL of the folder that inputs are relative to.
        folder: path or URL of the folder for the outputs.

    Raises:
        InputError: if it cannot be read, lists nothing, or for what is wrong
            with a line, which is named.
    """
    works: dict[str, Work] = {}
    defaults: dict[str, Any] = {}
    has_contents = False
    for number, row in _read_rows(path):
        options = row.get("options")
        if isinstance(options, Mapping):
            defaults = {
                name: value
                for name, value in options.items()
                if name in COLUMNS and value is not None
            }
            defaults.pop("style_weights", None)
        if "input" not in row:
            has_contents |= "sha256" in row
            continue
        try:
            work = _make_work(row, root, folder)
            if "finished" not in row and work.output in works:
                raise InputError(
                    f"`{work.output}` is listed twice: give each its own "
                    "`output`."
                )
        except InputError as error:
            raise InputError(f"`{path}`, line {number}: {error}") from None
        works[work.output] = work
    if not works and not has_contents:
        raise InputError(
            f"`{path}` lists no picture: CSV has a header with `input`, "
            'JSON lines are objects with "input".'
        )
    return BlendList(list(works.values()), defaults)


def mask_paths(works: Iterable[Work]) -> list[Path]:
    """Returns the paths of the masks that works name, each once."""
    masks = {(work.settings or {}).get("mask") for work in works}
    return [
        Path(path) for mask in masks if mask for _, path in split_masks(mask)
    ]


def _read_rows(
    path: str | os.PathLike[str],
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields the number of a line and what it holds, by name."""
    text = read_text(expand_home(path), "list of blends")
    if str(path).lower().endswith(".csv"):
        yield from _read_csv(path, text)
        return
    # Not `splitlines`: a name may hold what Unicode counts as the end of one.
    for number, line in enumerate(text.split("\n"), 1):
        try:
            row = parse_json(line or "{}")
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield number, row
        elif not text.startswith('{"options"'):  # What a kill cut short.
            raise InputError(
                f"`{path}`, line {number}: it is no JSON object; CSV has the "
                "suffix .csv."
            )


def _read_csv(path, text):
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        if "input" not in (reader.fieldnames or ()):
            raise InputError(
                f"`{path}` has no column `input`: its first line names the "
                "columns."
            )
        for row in reader:
            if None in row:
                raise InputError(
                    f"`{path}`, line {reader.line_num}: it has more fields "
                    "than there are columns; text with commas stands in "
                    "quotes."
                )
            yield reader.line_num, {k: v for k, v in row.items() if v}
    except csv.Error as error:
        raise InputError(
            f"`{path}`, line {reader.line_num}: {error}."
        ) from error


def _make_work(row, root, folder):
    name = _read_text("input", row["input"])
    given = row.get("output", row.get("finished"))
    is_outside = Path(name).is_absolute() or ".." in Path(name).parts
    if given is None and is_outside:
        raise InputError(
            f"`input` `{name}` lies outside the folder: say by `output` where "
            "it is painted to."
        )
    output = writable_name(name) if given is None else given
    output = _read_text("output", output)
    parts = PurePosixPath(Path(output).as_posix()).parts
    if Path(output).is_absolute() or not parts or ".." in parts:
        raise InputError(f"`output` is a path within --output; got `{output}`.")
    return Work(
        name,
        join_place(root, name),
        join_place(folder, output),
        settings=_read_settings(row),
    )


def _read_settings(row):
    settings = {}
    left_out = {*_OF_MANIFEST, *_OF_RECORD}
    for name, value in row.items():
        if name in left_out or value is None:
            continue
        _check_column(name)
        settings[name] = _read_value(name, value) if name in COLUMNS else value
    return settings


def _check_column(name):
    """Raises InputError for what may be a column mistyped."""
    near = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.8)
    if name not in COLUMNS and near:
        raise InputError(
            f"There is no column `{name}`: did you mean `{near[0]}`?"
        )


def _read_value(name, value):
    kind = COLUMNS[name]
    is_dict = name == "style_weights" and isinstance(value, dict)
    if is_dict:
        return value
    if kind is str:
        return _read_text(name, value)
    if kind is bool:
        if str(value).lower() in _BOOLEANS:
            return _BOOLEANS[str(value).lower()]
        raise InputError(f"`{name}` is true or false; got `{value}`.")
    try:
        number = kind(value)
        is_whole = kind is float or (number == float(value) and number > 0)
        if is_whole and math.isfinite(number) and not isinstance(value, bool):
            return number
    except (OverflowError, TypeError, ValueError):
        pass
    noun = "a whole number from 1" if kind is int else "a number"
    raise InputError(f"`{name}` is {noun}; got `{value}`.")


def _read_text(name, value):
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value
    raise InputError(f"`{name}` is a text; got `{value}`.")
