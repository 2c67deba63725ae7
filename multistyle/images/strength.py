"""Strength: how much of a stylized image covers its photograph."""

import numpy as np

from multistyle.errors import InputError
from multistyle.images.values import to_float, to_uint8


def blend_pixels(
    photograph: np.ndarray,
    stylized: np.ndarray,
    strength: float | np.ndarray,
) -> np.ndarray:
    """Mixes a photograph and its stylized image, pixel by pixel.

    Args:
        photograph: [H, W, C], uint8, or float in [0, 1].
        stylized: [H, W, C], of the same kind.
        strength: number, or array [H, W] or [1, 1]; 0 gives exactly
            `photograph`, 1 exactly `stylized`.

    Returns:
        [H, W, C], uint8 if both are, otherwise float32 in [0, 1].

    Raises:
        InputError: if a strength is not in [0, 1].
        ValueError: if the two sizes differ; the message names both.
    """
    check_strength(strength)
    check_same_size(photograph, stylized)
    first, second = to_float(photograph), to_float(stylized)
    strength = np.asarray(strength, np.float32)
    if strength.ndim == 2:
        strength = strength[..., None]
    # In this form both ends are exact; `first + s * (second - first)` is not.
    mixed = first * (1 - strength) + second * strength
    if photograph.dtype == stylized.dtype == np.uint8:
        return to_uint8(mixed)
    return mixed


def check_strength(strength: float | np.ndarray) -> None:
    """Raises InputError if a number, or one of an array, is not in [0, 1]."""
    given = np.asarray(strength)
    try:
        values = given.astype(np.float64)
    except (TypeError, ValueError):
        values = np.full(given.shape, np.nan)
    # Written so that NaN fails, too.
    wrong = given[~((values >= 0) & (values <= 1))]
    if wrong.size:
        raise InputError(
            f"A strength is a number from 0 to 1; got `{wrong.flat[0]}`."
        )


def check_same_size(photograph: np.ndarray, stylized: np.ndarray) -> None:
    """Raises ValueError, which names both shapes, if they differ."""
    if photograph.shape != stylized.shape:
        raise ValueError(
            "The photograph and the stylized image must have one size, but "
            f"they are {photograph.shape} and {stylized.shape}."
        )
