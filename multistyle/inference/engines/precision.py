"""The number format of a painting."""

from multistyle.choices import check_choice
from multistyle.perceptual.precision import PRECISIONS, has_bfloat16


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
    check_choice("precision", precision, PRECISIONS)
    if precision != "auto":
        return precision
    return "bfloat16" if has_bfloat16() else "float32"
