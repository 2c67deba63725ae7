"""The listing: which files the page is made of."""

import importlib.resources
from collections.abc import Iterator
from importlib.resources.abc import Traversable


def page_files() -> dict[str, Traversable]:
    """Lists the files of the page, whatever the package is installed as.

    An exported page adds `model/` and `reader/`; see `export.web`.

    Returns:
        Dict path under the page's address, such as "engine/engine.mjs", ->
        what `read_bytes` is called on; sorted by path.

    Example:
        >>> from multistyle.page.listing import page_files
        >>> "engine/engine.mjs" in page_files()
        True
    """
    folder = importlib.resources.files("multistyle.page") / "files"
    return dict(sorted(_files(folder, "")))


def _files(
    folder: Traversable, prefix: str
) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif not entry.name.startswith("."):
            yield prefix + entry.name, entry
