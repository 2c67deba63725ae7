"""The colours of a photograph, kept in its stylized image."""

import numpy as np

from multistyle.choices import check_choice
from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.lab import lab_to_rgb, rgb_to_lab
from multistyle.images.strength import check_same_size

KEEP_COLORS = ("none", "luminance", "histogram")


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
    check_same_size(photograph, stylized)
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
    check_choice("keep_colors", mode, KEEP_COLORS)
