"""Mixing a stylized image with its photograph: colours, and strength."""

import numpy as np

from multistyle.errors import InputError
from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.lab import lab_to_rgb, rgb_to_lab
from multistyle.images.values import to_float, to_uint8

KEEP_COLORS = ("none", "luminance", "histogram")
# [3, 2], of RGB: red against green, and yellow against blue, both orthogonal to
# grey and of length 1.
OPPONENTS = np.array([[1, -1, 0], [1, 1, -2]], np.float32).T / np.sqrt(
    np.array([2, 6], np.float32)
)


def keep_colors(
    photograph: np.ndarray,
    stylized: np.ndarray,
    mode: str,
    *,
    transfer: ColorTransfer | None = None,
) -> np.ndarray:
    """Gives a stylized image the colours of its photograph.

    Args:
        photograph: float array [H, W, 3] in [0, 1].
        stylized: float array [H, W, 3] in [0, 1].
        mode: one of `KEEP_COLORS`. "none" changes nothing; "luminance" takes
            the lightness L* from `stylized`, and the colour, a* and b*, from
            `photograph`; "histogram" puts the photograph's distribution of
            colours onto `stylized`.
        transfer: for "histogram", the transfer of the whole picture, where
            these two are parts of it; None measures it on the two.

    Returns:
        float32 array [H, W, 3] in [0, 1].

    Raises:
        InputError: if `mode` is another.
        ValueError: if the two sizes differ; the message names both.

    Reference:
        Gatys et al., 2016, "Preserving Color in Neural Artistic Style
        Transfer", section 4; there in YIQ.
    """
    check_keep_colors(mode)
    _check_sizes(photograph, stylized)
    if mode == "none":
        return np.asarray(stylized, np.float32)
    if mode == "histogram":
        if transfer is None:
            transfer = ColorTransfer(stylized, photograph)
        return transfer(stylized)
    lab = rgb_to_lab(photograph)
    lab[..., 0] = rgb_to_lab(stylized)[..., 0]
    return lab_to_rgb(lab)


def check_keep_colors(mode: str) -> None:
    """Raises InputError if `mode` is none of `KEEP_COLORS`."""
    if mode not in KEEP_COLORS:
        raise InputError(
            f"`keep_colors` is one of {', '.join(KEEP_COLORS)}; got `{mode}`."
        )


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
    _check_sizes(photograph, stylized)
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


def _check_sizes(photograph, stylized):
    if photograph.shape != stylized.shape:
        raise ValueError(
            "The photograph and the stylized image must have one size, but "
            f"they are {photograph.shape} and {stylized.shape}."
        )
