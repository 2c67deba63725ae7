"""Credits files: `styles.json`, whose the paintings beside it are."""

from collections.abc import Sequence
from pathlib import Path

from multistyle.blends.names import style_name_from_stem
from multistyle.errors import InputError
from multistyle.files.json_files import parse_json
from multistyle.files.texts import read_text
from multistyle.network.styles import (
    CREDIT_FIELDS,
    CREDITS_FILE,
    Credit,
    Credits,
    check_credits,
)


def read_credits(paintings: dict[str, Sequence[Path]]) -> Credits:
    """Reads who painted what, from the `styles.json` beside each painting.

    It is an object from a file's name or stem, or from a style's name, to
    {"artist", "title", "year", "licence"}. A title that it does not give is
    the file's stem, as it was written. A style of several paintings has what
    they have in common, one that has no file has nothing.

    Args:
        paintings: dict from style name to the paths of its paintings.

    Returns:
        Dict from style name to credit, in the order of `paintings`.

    Raises:
        InputError: if a `styles.json` is malformed.
    """
    folders = {path.parent for paths in paintings.values() for path in paths}
    by_folder = {
        folder: _read_credits_file(folder / CREDITS_FILE) for folder in folders
    }
    credits = {}
    for name, paths in paintings.items():
        each = [_credit(path, name, by_folder[path.parent]) for path in paths]
        credits[name] = {
            field: text
            for field, text in (each[0] if each else {}).items()
            if all(credit.get(field) == text for credit in each)
        }
    return check_credits(credits, list(paintings))


def _credit(path: Path, name: str, known: dict[str, Credit]) -> Credit:
    credit = {"title": path.stem}
    for key, fields in known.items():
        if key in (path.name, path.stem, name):
            credit.update(fields)
    return credit


def _read_credits_file(path: Path) -> dict[str, Credit]:
    if not path.is_file():
        return {}
    form = (
        f"an object from file name to an object with any of "
        f"{', '.join(CREDIT_FIELDS)}"
    )
    try:
        credits = parse_json(read_text(path, "credits"))
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"`{path}` is not valid JSON ({error}); it must hold {form}."
        ) from error
    if not isinstance(credits, dict) or not all(
        isinstance(fields, dict) for fields in credits.values()
    ):
        raise InputError(f"`{path}` must hold {form}.")
    # Checked here once by file, so that the message can name the file.
    for key, fields in credits.items():
        name = style_name_from_stem(key)
        try:
            check_credits({name: fields}, [name])
        except InputError as error:
            raise InputError(f"`{path}`: {error}") from error
    return credits
