"""Finishers: the narrow networks that other models name in their files."""

import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from multistyle.errors import InputWarning
from multistyle.network.models import MODEL_SUFFIX, bundled_models
from multistyle.network.stored_weights import read_config


def find_finisher(path: str | os.PathLike[str]) -> Path | None:
    """Finds the model that finishes for another.

    Args:
        path: of a model's `.keras` file.

    Returns:
        Path of the finisher's file; None where the model names none, or one
        that is not there, which an `InputWarning` says.

    Example:
        >>> from multistyle.network.finishers import find_finisher
        >>> from multistyle.network.models import find_model
        >>> find_finisher(find_model("paintings")).name
        'paintings-fast.keras'
    """
    name = _read_config(path).get("finisher")
    if name is None:
        return None
    if name.endswith(MODEL_SUFFIX):
        found = Path(path).parent / name
    else:
        found = bundled_models().get(name, Path())
    if os.path.isfile(found):
        return found
    warnings.warn(
        f"`{path}` is finished by `{name}`, which is not there: it paints "
        "large photographs by itself, which takes longer.",
        InputWarning,
        stacklevel=2,
    )
    return None


def may_finish(finisher: str | None, new_names: Iterable[str]) -> bool:
    """Says whether a finisher still fits a network that gains styles.

    A style is known by its name, so one that the finisher has under a new
    name may be another painting.

    Args:
        finisher: see `check_finisher`.
        new_names: names that the network did not have.
    """
    new_names = set(new_names)
    if finisher is None or not new_names:
        return True
    if finisher not in bundled_models():
        return False  # What a file has, only a model beside it knows.
    names = _read_config(bundled_models()[finisher])["style_names"]
    return new_names.isdisjoint(names)


def _read_config(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Returns a network's config, or {} of a file that holds none."""
    try:
        return read_config(path)
    except ValueError:
        return {}
