"""Style weights: from text, dict, file or array to what the network takes."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.names import did_you_mean
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.json_files import parse_json
from multistyle.files.texts import read_text

# What `style_weights` reads: text, a file, a dict, or numbers.
StyleWeights = str | Path | Mapping[str, float] | Sequence[float] | np.ndarray
# A sum this small, beside the largest weight, comes of rounding alone.
SMALLEST_SUM = 1e-6


def style_weights(
    spec: Any, style_names: Sequence[str], *, extrapolate: bool = False
) -> np.ndarray:
    """Reads style weights of any form and normalises them to sum 1.

    Args:
        spec: one of
            text "starry_night=0.7,great_wave=0.3", where a name alone weighs
                1, or the path of a `.json` file that holds a dict or a list;
            a dict style name -> number; names left out weigh 0;
            numbers [N], in the order of `style_names`;
            numbers [H, W, N], weights that vary over the picture.
        style_names: list of the N names of the network.
        extrapolate: whether weights below 0 are allowed: away from a
            style, beyond another.

    Returns:
        float32 array [N] or [H, W, N] whose last axis sums to 1.

    Raises:
        InputError: for an unknown name (it lists the nearest), a name given
            twice, a value that is not a finite number, a weight below 0 without
            `extrapolate`, a sum that is not above 0, and another N.
    """
    if isinstance(spec, (str, Path)):
        spec = _read(str(spec), style_names)
    if isinstance(spec, Mapping):
        weights = _from_dict(spec, style_names)
    else:
        weights = _from_array(spec, len(style_names))
    return normalize(weights, extrapolate=extrapolate)


def normalize(weights: np.ndarray, *, extrapolate: bool = False) -> np.ndarray:
    """Scales weights so that their last axis sums to 1.

    Args:
        weights: float array [..., N].
        extrapolate: whether weights below 0 are allowed.

    Returns:
        float32 array [..., N].

    Raises:
        InputError: for a weight that is not finite, one below 0 without
            `extrapolate`, and a sum that is not above 0.
    """
    if not np.isfinite(weights).all():
        raise InputError(
            f"Style weights are finite numbers; got "
            f"`{weights[~np.isfinite(weights)][0]}`."
        )
    if not extrapolate and (weights < 0).any():
        raise InputError(
            f"The style weight `{weights.min():g}` is below 0: allow that "
            "with `--extrapolate` (`extrapolate=True`)."
        )
    # Divided by the largest first, so that no sum overflows.
    largest = np.abs(weights).max(axis=-1, keepdims=True)
    weights = weights / np.where(largest > 0, largest, 1)
    total = weights.sum(axis=-1, keepdims=True)
    if (total < SMALLEST_SUM).any():
        place = np.argwhere(total[..., 0] < SMALLEST_SUM)[0]
        where = f" at row {place[0]}, column {place[1]}" if len(place) else ""
        raise InputError(
            f"The style weights sum to 0 or less{where}; their sum must be "
            "above 0."
        )
    return (weights / total).astype(np.float32)


def one_hot(name: str, style_names: Sequence[str]) -> np.ndarray:
    """Returns the float32 weights [N] of one style alone.

    Raises:
        InputError: if no style has that name; it lists the nearest.
    """
    return style_weights({name: 1}, style_names)


def weights_dict(
    weights: np.ndarray, style_names: Sequence[str]
) -> dict[str, float]:
    """Returns {style name: weight} of the weights [N] that are not 0."""
    return {
        name: round(float(weight), 6)
        for name, weight in zip(style_names, weights, strict=True)
        if weight
    }


def describe(weights: np.ndarray, style_names: Sequence[str]) -> str:
    """Returns weights [N] as text that `style_weights` reads."""
    by_name = weights_dict(weights, style_names)
    if list(by_name.values()) == [1]:
        return next(iter(by_name))
    return ",".join(f"{name}={value:.3g}" for name, value in by_name.items())


def _read(text, style_names):
    """Reads the text of a blend, or the JSON file that it names."""
    if text.endswith(".json") and text not in style_names:
        return _read_json(expand_home(text))
    pairs = []
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not name:
            raise InputError(
                "Style weights are given as `A=0.7,B=0.3`, by name; got "
                f"`{text}`."
            )
        pairs.append((name, value if equals else 1))
    return _unique(pairs)


def _read_json(path):
    text = read_text(path, "style weights")
    try:
        weights = parse_json(text, object_pairs_hook=_unique)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"The style weights `{path}` are not JSON: {error}."
        ) from error
    if not isinstance(weights, (dict, list)):
        raise InputError(
            f"The style weights `{path}` must hold a dict or a list, such as "
            '`{"starry_night": 1}`.'
        )
    return weights


def _unique(pairs):
    """Makes a dict of pairs; names are brought to NFC and are unique."""
    weights = {}
    for name, value in pairs:
        name = unicodedata.normalize("NFC", str(name))
        if name in weights:
            raise InputError(f"The style `{name}` is given twice.")
        weights[name] = value
    return weights


def _from_dict(weights, style_names):
    row = np.zeros(len(style_names))
    for name, value in _unique(weights.items()).items():
        if name not in style_names:
            raise InputError(
                f"There is no style `{name}`{did_you_mean(name, style_names)}"
            )
        try:
            row[style_names.index(name)] = float(value)
        except (OverflowError, TypeError, ValueError) as error:
            raise InputError(
                f"The weight of `{name}` must be a number; got "
                f"`{_short(value)}`."
            ) from error
    return row


def _from_array(weights, num_styles):
    try:
        weights = np.asarray(weights)
    except ValueError:  # Rows of unequal length.
        weights = np.empty(())
    if weights.ndim == 1 and weights.dtype.kind in "US":
        blend = ",".join(f"{name}=1" for name in weights[:2])
        raise InputError(
            f"A list holds numbers; give names as `{blend}`, or as a dict."
        )
    if weights.ndim not in (1, 3) or weights.shape[-1] != num_styles:
        raise InputError(
            f"Style weights of {num_styles} styles have the shape "
            f"`[{num_styles}]` or `[H, W, {num_styles}]`; got "
            f"`{list(weights.shape)}`."
        )
    if weights.dtype.kind not in "biuf":
        raise InputError(
            f"Style weights are numbers; got `{_short(weights.flat[0])}`."
        )
    # A single blend can afford float64; maps are large.
    return weights.astype(np.float64 if weights.ndim == 1 else np.float32)


def _short(value):
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
