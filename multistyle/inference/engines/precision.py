"""The number format of a painting."""

from multistyle.errors import InputError
from multistyle.perceptual.precision import has_bfloat16

PRECISIONS = ("auto", "float32", "bfloat16")


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
