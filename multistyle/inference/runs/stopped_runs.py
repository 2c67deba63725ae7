"""Runs that were stopped: what they were begun with, and go on with."""

import os
import re
from pathlib import Path
from typing import Any

from multistyle.files.manifests import recorded_options

# That of a run, or of one of several that share the photographs.
_MANIFEST_NAME = re.compile(r"manifest(-[0-9]+-of-[0-9]+)?\.jsonl")

# What runs did not record before there was a choice.
UNRECORDED = {"precision": "float32", "strokes": "pixels"}


def begun_with(
    manifest: str | os.PathLike[str], overwrite: bool = False
) -> dict[str, Any]:
    """Returns the options that a run goes on with where none are given.

    Args:
        manifest: path of the file that records them, which need not be there.
        overwrite: whether the run starts anew.

    Returns:
        Dict of the options of `UNRECORDED`; empty for a new run.
    """
    options = None if overwrite else recorded_options(manifest)
    if options is None:
        return {}
    return {name: options.get(name, UNRECORDED[name]) for name in UNRECORDED}


def find_manifests(folder: str | os.PathLike[str]) -> list[Path]:
    """Returns the paths of the manifests in a folder, the oldest first."""
    try:
        with os.scandir(folder) as entries:
            found = [
                (entry.stat().st_mtime_ns, entry.path)
                for entry in entries
                if _MANIFEST_NAME.fullmatch(entry.name)
            ]
    except OSError:  # It is not there yet.
        return []
    return [Path(path) for _, path in sorted(found)]
