"""Runs that were stopped: what they were begun with, and go on with."""

import os
from typing import Any

from multistyle.files.manifests import recorded_options

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
