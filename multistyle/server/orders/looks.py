"""Looks: how a picture is painted, as the page says it."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.gradients import Gradient
from multistyle.blends.masks import Mask
from multistyle.blends.regions import BlendMasks, Masked, Region
from multistyle.blends.weights import describe, style_weights
from multistyle.server.fields import Fields
from multistyle.server.refusals import Refusal

# How broad strokes can sensibly be, beside the usual ones.
_NARROWEST, _BROADEST = 0.1, 10.0
_MOST_STOPS = 16
_KEPT_COLORS: dict[Any, str] = {
    None: "none",
    False: "none",
    True: "luminance",
    "none": "none",
    "luminance": "luminance",
    "histogram": "histogram",
}


def read_style(fields: Fields) -> dict[str, Any]:
    """Reads what a look says besides its blend.

    Returns:
        Dict of keywords that `Look` and `paint_film` take.
    """
    kept = fields.get("keepColors")
    if (
        not isinstance(kept, (bool, str, type(None)))
        or kept not in _KEPT_COLORS
    ):
        raise Refusal(
            "`keepColors` is false, true, `luminance` or `histogram`."
        )
    strokes = fields.choice("strokes", ("fitted", "pixels"), "fitted")
    scale = fields.number("strokeScale", _NARROWEST, _BROADEST, 1.0)
    if strokes == "pixels" and scale != 1:
        raise Refusal("`strokeScale` goes with `fitted` strokes alone.")
    return {
        "strength": fields.number("strength", 0.0, 1.0, 1.0),
        "keep_colors": _KEPT_COLORS[kept],
        "strokes": strokes,
        "stroke_scale": scale,
    }


def read_blend(value: Any, style_names: Sequence[str]) -> np.ndarray:
    """Reads one blend, {style name: weight}.

    Returns:
        float32 [N], its sum 1.

    Raises:
        InputError: for an unknown name, or weights that are none.
    """
    if not isinstance(value, dict):
        raise Refusal('Weights are an object, as `{"starry_night": 1}`.')
    return style_weights(value, style_names)


def read_region(
    fields: Fields,
    style_names: Sequence[str],
    find_mask: Callable[[object], Path],
) -> Region:
    """Reads what is painted where.

    Args:
        fields: the look.
        style_names: the N names of the model, and the visitor's own.
        find_mask: function of an upload's id that returns the mask's file.
    """
    read = functools.partial(read_blend, style_names=style_names)
    weights, gradient = fields.get("weights"), fields.inner("gradient")
    regions = [
        Fields(item, "region") for item in fields.items("regions", 0, 16)
    ]
    masks = [Mask.read(find_mask(one.get("mask"))) for one in regions]
    if len(regions) > 1:
        if gradient is not None:
            raise Refusal("A gradient goes with one region, or with none.")
        return BlendMasks(
            [
                (read(one.get("weights")), mask)
                for one, mask in zip(regions, masks, strict=True)
            ]
        )
    if gradient is not None:
        region: Region = read_gradient(gradient, style_names)
    else:
        own = regions[0].get("weights") if regions else None
        region = Region(read(weights if own is None else own))
    return Masked(region, masks[0]) if masks else region


def describe_blend(fields: Fields, style_names: Sequence[str]) -> str:
    """Returns the blend of a look as text, for a picture's metadata."""
    blends = [
        fields.get("weights"),
        *(one.get("weights") for one in fields.get("regions") or []),
        *(
            stop.get("weights")
            for stop in (fields.get("gradient") or {}).get("stops", [])
        ),
    ]
    texts = [
        describe(read_blend(one, style_names), style_names)
        for one in blends
        if one
    ]
    return "; ".join(dict.fromkeys(texts))


def read_gradient(fields: Fields, style_names: Sequence[str]) -> Gradient:
    """Reads styles that turn into each other: `stops` and an `angle`."""
    stops = [
        read_blend(Fields(stop, "stop").get("weights"), style_names)
        for stop in fields.items("stops", 2, _MOST_STOPS)
    ]
    angle = fields.get("angle")
    if angle != "radial":
        angle = fields.number("angle", -360.0, 360.0, 0.0)
    text = ">".join(describe(stop, style_names) for stop in stops)
    return Gradient(stops, angle, text=f"{text}:{angle}")
