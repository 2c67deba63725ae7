"""Region specs: what is painted where, as text, files and arrays."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.gradients import parse_gradient
from multistyle.blends.masks import Mask
from multistyle.blends.regions import (
    Masked,
    Region,
    StyleMasks,
    WeightMap,
)
from multistyle.blends.weights import one_hot, style_weights
from multistyle.errors import InputError
from multistyle.files.homes import expand_home


def read_region(
    style_names: Sequence[str],
    weights: Any = None,
    *,
    mask: Any = None,
    gradient: str | None = None,
    extrapolate: bool = False,
    note: Callable[[str], None] | None = None,
    max_pixels: float | None = None,
) -> Region:
    """Reads what is painted where, in whatever form it is given.

    Args:
        style_names: list of the N names of the network.
        weights: None, a `Region`, or what `weights.style_weights` reads.
        mask: None, what says how far each pixel is painted, or such for each
            of several styles: the path of a picture, an array [H, W] (uint8,
            or float in [0, 1]) or a `Mask`; for styles, the text
            "great_wave:left.png,starry_night:right.png", or a dict style
            name -> one of these.
        gradient: None, or text as `parse_gradient` reads it.
        extrapolate: whether weights below 0 are allowed.
        note: None, or a function that is called with one line for each mask
            that is resized.
        max_pixels: the most that a mask's file may have; None is 200 million.

    Returns:
        A `Region`.

    Raises:
        InputError: if no style is given or by more than one of the three;
            for what is wrong with one of them; for a mask that cannot be
            read.
    """
    masks = {}
    if mask is not None:
        masks = _read_masks(mask, style_names, note, max_pixels)
    has_styles = bool(masks) and None not in masks
    given = {"weights": weights, "gradient": gradient}
    forms = [name for name, value in given.items() if value is not None]
    forms += ["mask"] if has_styles else []
    if len(forms) != 1:
        raise InputError(
            "The styles are given by weights, by a gradient, or by a mask "
            f"for each; got `{', '.join(forms) or 'none'}`."
        )
    if weights is not None:
        region = _read_weights(weights, style_names, extrapolate)
    elif gradient is not None:
        region = parse_gradient(gradient, style_names)
    elif len(masks) == 1:
        # What is not painted needs no weights of its own.
        ((name, only),) = masks.items()
        return Masked(Region(one_hot(name, style_names)), only)
    else:
        return StyleMasks(masks, style_names)
    return Masked(region, masks[None]) if masks else region


def split_masks(
    text: str | os.PathLike[str],
) -> list[tuple[str | None, str]]:
    """Splits the text of one mask, or of a mask for each of some styles.

    The path is what follows the first colon. A text that is a file, or on
    Windows begins with a drive, is the path of one mask. What follows the
    first colon is not split at its commas where it is a file.

    Args:
        text: "mask.png", or "great_wave:left.png,starry_night:right.png".

    Returns:
        List of pairs (style name, path); [(None, text)] of one mask.

    Raises:
        InputError: if a part of several has no colon.
    """
    text = os.fspath(text)
    if ":" not in text or Path(text).drive or _is_file(text):
        return [(None, text)]
    if _is_file(text.partition(":")[2]):
        parts = [text]
    else:
        parts = [part for part in text.split(",") if part.strip()]
    pairs: list[tuple[str | None, str]] = []
    for part in parts:
        name, colon, path = (piece.strip() for piece in part.partition(":"))
        if not (name and colon and path):
            raise InputError(
                "A mask for each style is given as `A:left.png,B:right.png`; "
                f"got `{text}`."
            )
        pairs.append((name, path))
    return pairs


def _is_file(text):
    # What `Path.is_file` says of a text too long for a name depends on Python.
    return os.path.isfile(expand_home(text.strip()))


def _read_weights(weights, style_names, extrapolate):
    if isinstance(weights, Region):
        return weights
    weights = style_weights(weights, style_names, extrapolate=extrapolate)
    return Region(weights) if weights.ndim == 1 else WeightMap(weights)


def _read_masks(spec, style_names, note, max_pixels):
    """Returns dict style name -> `Mask`; its one key is None without styles."""
    if isinstance(spec, Mapping):
        pairs = list(spec.items())
        if not pairs:
            raise InputError("No mask is given: the dict is empty.")
    elif isinstance(spec, (str, os.PathLike)):
        pairs = split_masks(spec)
    else:
        pairs = [(None, spec)]
    masks = {}
    for name, source in pairs:
        if name is not None:
            one_hot(name, style_names)  # An unknown name, before any file.
        if name in masks:
            raise InputError(f"The style `{name}` has two masks: give one.")
        masks[name] = source
    return {
        name: _read_mask(mask, note, max_pixels) for name, mask in masks.items()
    }


def _read_mask(source, note, max_pixels):
    if isinstance(source, Mask):
        return source
    if isinstance(source, (str, os.PathLike)):
        return Mask.read(source, note=note, max_pixels=max_pixels)
    return Mask(np.asarray(source), note=note)
