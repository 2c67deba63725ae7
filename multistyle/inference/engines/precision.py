"""The number format of a painting, and of a run that goes on."""

import os

from multistyle.errors import InputError
from multistyle.files.manifests import recorded_options
from multistyle.perceptual.precision import has_bfloat16

PRECISIONS = ("auto", "float32", "bfloat16")
# What runs did not record before there was a choice.
UNRECORDED = {"precision": "float32"}


def check_precision(precision: str) -> None:
    """Raises InputError for another than those of `PRECISIONS`."""
    if precision not in PRECISIONS:
        raise InputError(
            f"`precision` is one of {', '.join(PRECISIONS)}; got `{precision}`."
        )


def choose_precision(precision: str) -> str:
    """Chooses the number format of an engine that computes in both.

    Args:
        precision: one of `PRECISIONS`; "auto" is bfloat16 on processors that
            have instructions for it, else float32.

    Returns:
        "float32" or "bfloat16".

    Raises:
        InputError: for another precision.
    """
    check_precision(precision)
    if precision != "auto":
        return precision
    return "bfloat16" if has_bfloat16() else "float32"


def go_on_in(
    manifest: str | os.PathLike[str], precision: str, overwrite: bool = False
) -> str:
    """Returns the precision of a run, which may have been begun before.

    Args:
        manifest: path of the file that records it, which need not be there.
        precision: one of `PRECISIONS`; "auto" is what the run began with.
        overwrite: whether the run starts anew.
    """
    if precision != "auto" or overwrite:
        return precision
    options = recorded_options(manifest)
    if options is None:
        return precision
    return {**UNRECORDED, **options}["precision"]
