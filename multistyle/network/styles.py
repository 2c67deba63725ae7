"""Whose a style is, and which network it belongs to."""

import hashlib
import os
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from multistyle.blends.names import did_you_mean
from multistyle.errors import InputError

if TYPE_CHECKING:
    import keras

# Whose the paintings beside it are.
CREDITS_FILE = "styles.json"
CREDIT_FIELDS = ("artist", "title", "year", "licence")
MAX_CREDIT_LENGTH = 500
# By `CREDIT_FIELDS`, those that are known.
Credit = dict[str, str]
# By style name.
Credits = dict[str, Credit]


def check_credits(credits: Credits, style_names: Collection[str]) -> Credits:
    """Checks credits against the styles of a network.

    Args:
        credits: what to check; other values than text become text.
        style_names: all names of the network.

    Returns:
        The credits as plain dicts of text, in the order of the styles.

    Raises:
        InputError: for a credit of an unknown style or an unknown field, and
            for text that is no line of at most 500 characters that print.
    """
    for name, fields in credits.items():
        if name not in style_names:
            raise InputError(
                f"There is a credit for `{name[:80]}`, which is none of the "
                f"styles{did_you_mean(name, style_names)}"
            )
        for field in fields:
            if field not in CREDIT_FIELDS:
                raise InputError(
                    f"The credit of `{name}` has the field `{field[:80]}`; "
                    f"allowed are {', '.join(CREDIT_FIELDS)}."
                )
            text = str(fields[field])
            if not text.isprintable() or len(text) > MAX_CREDIT_LENGTH:
                raise InputError(
                    f"The `{field}` in the credit of `{name}` must be a line "
                    f"of at most {MAX_CREDIT_LENGTH} characters that print."
                )
    return {
        name: {field: str(text) for field, text in credits[name].items()}
        for name in style_names
        if name in credits
    }


def check_finisher(name: str | None) -> str | None:
    """Checks what a model names as its finisher.

    Args:
        name: the name of a bundled model, the name of a `.keras` file beside
            the model's own, or None.

    Raises:
        InputError: for anything else, such as a path.
    """
    if name is not None and (
        not isinstance(name, str) or not name or name != os.path.basename(name)
    ):
        raise InputError(
            "`finisher` is the name of a bundled model or of a `.keras` file "
            f"beside the model's own; got `{name}`."
        )
    return name


def fingerprint(network: "keras.Model") -> str:
    """Identifies the shared weights that a style's rows belong to.

    See `fingerprint_kernels`. Rows and names do not count.

    Args:
        network: a `TransformNetwork`.

    Returns:
        64 hexadecimal digits.
    """
    return fingerprint_kernels(
        block.convolution.get_weights()[0] for block in network.blocks
    )


def fingerprint_kernels(kernels: Iterable[np.ndarray]) -> str:
    """Identifies shared weights by the arrays themselves.

    SHA-256 over the convolution kernels, each rounded to float16,
    little-endian.

    Args:
        kernels: float arrays [k, k, C, F], in the order of the pass.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for kernel in kernels:
        kernel = np.asarray(kernel, np.float32)
        digest.update(np.ascontiguousarray(kernel, "<f2").tobytes())
    return digest.hexdigest()
