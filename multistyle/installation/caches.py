"""The caches of a user: how much is kept, and how it goes."""

from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.cache import cache_folder

# Of each kind, where its files are within the folder.
KINDS = {"graphs": "*.npz", "learned": "rows/*.npz"}
CLEARABLE = (*KINDS, "all")


def describe_caches() -> dict[str, dict[str, Any]]:
    """Returns {kind: {"folder", "files", "bytes"}}.

    "graphs" are those that OpenVINO compiled; "learned" are the styles of
    paintings.
    """
    described = {}
    for kind in KINDS:
        sizes = [path.stat().st_size for path in _files(kind)]
        described[kind] = {
            "folder": str((cache_folder() / KINDS[kind]).parent),
            "files": len(sizes),
            "bytes": sum(sizes),
        }
    return described


def clear_cache(kind: str) -> dict[str, dict[str, Any]]:
    """Removes what is kept; it is made again where it is needed.

    Args:
        kind: one of `CLEARABLE`.

    Returns:
        What was removed, as `describe_caches`.

    Raises:
        InputError: for another kind.
        OSError: if a file cannot be removed.
    """
    if kind not in CLEARABLE:
        raise InputError(
            f"What is cleared is one of {', '.join(CLEARABLE)}; got `{kind}`."
        )
    kinds = list(KINDS) if kind == "all" else [kind]
    described = describe_caches()
    for name in kinds:
        for path in _files(name):
            path.unlink(missing_ok=True)
    return {name: described[name] for name in kinds}


def _files(kind: str) -> list[Path]:
    return sorted(cache_folder().glob(KINDS[kind]))
