"""Names of styles: their rules, and what to say of a wrong one."""

import difflib
import os
import re
import unicodedata
from collections.abc import Collection, Iterable

from multistyle.errors import InputError

# `\w` is Unicode's letters and digits, and `_`.
_OTHER_CHARACTERS = re.compile(r"[^\w.\-]+")
# So that a file may bear a photograph's name and a style's.
MAX_NAME_LENGTH = 120
# A drive of Windows, a slash before the first colon, an address. A name of
# one letter may stand before `/` where there are no drives.
_DRIVE = r"[A-Za-z]:[\\/]" if os.name == "nt" else r"[A-Za-z]:\\"
_PATH_WITH_COLON = re.compile(rf"{_DRIVE}|[^:]*[\\/]|[^:]*://")


def check_style_name(name: str) -> str:
    """Checks a style name; it may hold letters, digits, `_`, `.` and `-`.

    Returns:
        The name, NFC-normalised.

    Raises:
        InputError: if it is empty, holds any other character, has more than
            120, or is nothing but dots, which stand for folders.
    """
    name = unicodedata.normalize("NFC", str(name))
    if len(name) > MAX_NAME_LENGTH:
        raise InputError(
            f"The style name `{name[:20]}...` has {len(name):,} characters; "
            f"allowed are {MAX_NAME_LENGTH}."
        )
    if name and not name.strip("."):
        raise InputError(
            f"`{name}` stands for a folder: a style name needs another "
            "character than dots."
        )
    if not name or _OTHER_CHARACTERS.search(name):
        raise InputError(
            f"The style name `{name}` may hold only letters, digits, `_`, `.` "
            f"and `-`, and at least one; try "
            f"`{style_name_from_stem(name) or 'style'}`."
        )
    return name


def check_style_names(names: Iterable[str]) -> list[str]:
    """Checks all names of a network and that no two are equal.

    Returns:
        The names, NFC-normalised.

    Raises:
        InputError: if there is none, one is malformed, or two are equal.
    """
    if isinstance(names, str):
        raise InputError(f"Style names are a list of names; got `{names}`.")
    names = [check_style_name(name) for name in names]
    if not names:
        raise InputError("At least one style name is needed; got none.")
    seen = set()
    for name in names:
        if name in seen:
            raise InputError(
                f"The style name `{name}` is given twice; names are unique."
            )
        seen.add(name)
    return names


def split_names(text: str) -> list[str]:
    """Splits a list of names at its commas; each is named once.

    Raises:
        InputError: if there is none.
    """
    names = list(filter(None, map(str.strip, text.split(","))))
    if not names:
        raise InputError(f"Names are given as `A,B`; got `{text}`.")
    return list(dict.fromkeys(names))


def append_style_names(names: Iterable[str], new: Iterable[str]) -> list[str]:
    """Sets new names after those of a network.

    Args:
        names: of the network.
        new: names that it does not have.

    Returns:
        All names, NFC-normalised.

    Raises:
        InputError: if a new name is malformed, given twice or there already.
    """
    names, new = list(names), [check_style_name(name) for name in new]
    for name in new:
        if name in names:
            raise InputError(f"The network has a style `{name}` already.")
    return check_style_names([*names, *new])


def style_name_from_stem(stem: str) -> str:
    """Makes a style name of a file's stem: runs of the rest become `_`."""
    return _OTHER_CHARACTERS.sub("_", unicodedata.normalize("NFC", stem))


def split_style_name(text: str) -> tuple[str | None, str]:
    """Splits "night:mine.jpg" into a style name and the path that it names.

    What begins with a drive of Windows (`C:\\x.jpg`) or as an address
    (`https://`), and what has a slash before its first colon, is a path.

    Returns:
        (style name, path); (None, text) of a path alone.

    Raises:
        InputError: if what is before the colon is no style name.
    """
    name, colon, path = text.partition(":")
    if not (name and colon and path) or _PATH_WITH_COLON.match(text):
        return None, text
    return check_style_name(name.strip()), path.strip()


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Returns up to three of `names` that look most like `name`."""
    lower = {known.lower(): known for known in names}
    found = difflib.get_close_matches(name.lower(), lower, n=3, cutoff=0.5)
    return [lower[key] for key in found]


def did_you_mean(name: str, names: Collection[str]) -> str:
    """Returns the end of a complaint: "; did you mean `a` or `b`?"

    Where no name is near, it says which names there are.
    """
    found = nearest(name, names)
    if found:
        return f"; did you mean {' or '.join(f'`{n}`' for n in found)}?"
    return f"; there {'is' if len(names) == 1 else 'are'} {name_some(names)}."


def name_some(names: Collection[str]) -> str:
    """Returns "`a`, `b`", of more than twelve names the first twelve."""
    shown = ", ".join(f"`{n}`" for n in list(names)[:12])
    more = "" if len(names) <= 12 else f" and {len(names) - 12} more"
    return f"{shown}{more}"
