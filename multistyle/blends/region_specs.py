"""Region specs: what is painted where, as text, files and arrays."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from multistyle.blends.masks import Mask
from multistyle.blends.regions import (
    Gradient,
    Masked,
    Region,
    StyleMasks,
    WeightMap,
)
from multistyle.blends.weights import one_hot, style_weights
from multistyle.errors import InputError


def read_region(
    style_names,
    weights=None,
    mask=None,
    gradient=None,
    extrapolate=False,
    note=None,
):
    """Reads what is painted where, in whatever form it is given.

    Args:
        style_names: list of the N names of the network.
        weights: None, a `Region`, or what `blending.style_weights` reads.
        mask: None, what says how far each pixel is painted, or such for each
            of several styles: the path of a picture, an array [H, W] (uint8,
            or float in [0, 1]) or a `Mask`; for styles, the text
            "great_wave:left.png,starry_night:right.png", or a dict style
            name -> one of these.
        gradient: None, or text as `parse_gradient` reads it.
        extrapolate: bool, whether weights below 0 are allowed.
        note: None, or a function that is called with one line for each mask
            that is resized.

    Returns:
        A `Region`.

    Raises:
        InputError: if no style is given or by more than one of the three;
            for what is wrong with one of them; for a mask that cannot be
            read.
    """
    masks = {} if mask is None else _read_masks(mask, style_names, note)
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


def parse_gradient(text, style_names):
    """Reads "A>B:horizontal", styles that turn into each other.

    Args:
        text: two or more names, then a direction as of `Gradient`.
        style_names: list of the N names of the network.

    Returns:
        A `Gradient`.

    Raises:
        InputError: if there is one name only, one is unknown, or there is no
            such direction.
    """
    names, colon, direction = str(text).rpartition(":")
    names = [name.strip() for name in names.split(">")]
    if not colon or len(names) < 2:
        raise InputError(
            "A gradient is given as `A>B:horizontal`, two styles or more and "
            f"a direction; got `{text}`."
        )
    stops = [one_hot(name, style_names) for name in names]
    return Gradient(stops, direction.strip(), str(text))


def split_masks(text):
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
    pairs = []
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
    return Path(text.strip()).expanduser().is_file()


def _read_weights(weights, style_names, extrapolate):
    if isinstance(weights, Region):
        return weights
    weights = style_weights(weights, style_names, extrapolate)
    return Region(weights) if weights.ndim == 1 else WeightMap(weights)


def _read_masks(spec, style_names, note):
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
    return {name: _read_mask(mask, note) for name, mask in masks.items()}


def _read_mask(source, note):
    if isinstance(source, Mask):
        return source
    if isinstance(source, (str, os.PathLike)):
        return Mask.read(Path(source).expanduser(), note)
    return Mask(np.asarray(source), note=note)
