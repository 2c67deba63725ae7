"""Cues: what each frame of a film is painted in, and where."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from multistyle.blends.gradients import parse_gradient
from multistyle.blends.keyframe_specs import MASK
from multistyle.blends.keyframes import Keyframes
from multistyle.blends.masks import Mask
from multistyle.blends.region_specs import split_masks
from multistyle.blends.regions import Masked, Region, StyleMasks
from multistyle.blends.weights import one_hot, style_weights
from multistyle.errors import InputError
from multistyle.video.material.film_source import FilmSource, Frame
from multistyle.video.parts.mask_films import MaskFilm, StillMask, open_mask


class Cue(NamedTuple):
    """What one frame is painted in.

    Attributes:
        region: a `Region` that is fitted to the frame.
        settings: dict of what is not as for the rest of the film:
            "strength", "stroke_scale", "stability".
    """

    region: Region
    settings: dict[str, float]


class Cues:
    """What each frame of a film is painted in.

    Args:
        style_names: list of the N names of the network.
        film: the `FilmSource` that is painted.
        gradient: text as `parse_gradient` reads it, or None: keyframes or
            masks give the styles.
        keyframes: `Keyframes`, or None.
        masks: dict from a style's name, or from None, to its mask.

    Attributes:
        names: list of the K styles that are in any frame; regions have
            weights of these alone.
    """

    def __init__(
        self,
        style_names: Sequence[str],
        film: FilmSource,
        *,
        gradient: str | None = None,
        keyframes: Keyframes | None = None,
        masks: Mapping[str | None, StillMask | MaskFilm] | None = None,
    ) -> None:
        self._all_names = style_names
        self._keyframes = keyframes or Keyframes({})
        self._masks = dict(masks or {})
        # Masks that do not change are laid out once.
        has_opacity = any(map(_is_opacity, self._keyframes.settings))
        is_still = all(mask.is_still for mask in self._masks.values())
        self._is_laid_out_once = is_still and not has_opacity
        self._style_masks: Region | None = None
        self._size = film.size
        rows = [self._keyframes.blends(len(style_names))]
        rows += [one_hot(n, style_names)[None] for n in self._masks if n]
        if gradient is not None:
            rows.append(parse_gradient(gradient, style_names).stops)
        used = np.flatnonzero(np.concatenate(rows).any(axis=0))
        self._columns: list[int] = used.tolist()
        self.names = [style_names[column] for column in self._columns]
        self._region: Region | None = None
        if gradient is not None:
            self._region = parse_gradient(gradient, self.names).fit(film.size)

    def at(self, frame: Frame) -> Cue:
        """Returns the `Cue` of a frame; they are asked for in order."""
        settings = {
            name: self._keyframes.setting(name, frame.seconds, 1)
            for name in self._keyframes.settings
            if not _is_opacity(name)
        }
        return Cue(self._region_of(frame), settings)

    @property
    def stabilities(self) -> list[float]:
        """What keyframes set `stability` to."""
        return self._keyframes.values("stability")

    def options(self) -> dict[str, Any]:
        """Returns what decides how the film looks, a dict for JSON."""
        options: dict[str, Any] = {
            "keyframes": self._keyframes.describe(self._all_names),
            "settings": self._keyframes.describe_settings(),
        }
        options = {name: value for name, value in options.items() if value}
        if self._region is not None:
            options.update(self._region.options(self.names))
        if self._masks:
            options["mask"] = {
                name or "": mask.identity()
                for name, mask in self._masks.items()
            }
        return options

    def _region_of(self, frame):
        masks = {}
        if not self._is_laid_out_once or self._style_masks is None:
            masks = {
                name: mask.at(frame).scaled(self._opacity(name, frame))
                for name, mask in self._masks.items()
            }
        if len(self._masks) > 1:
            if masks:
                region = StyleMasks(masks, self.names).fit(self._size)
                self._style_masks = region
            return self._style_masks
        if self._region is not None:
            region = self._region
        elif self._keyframes.has_weights:
            weights = self._keyframes.at(frame.seconds)
            region = Region(weights[self._columns])
        else:
            (name,) = self._masks
            region = Region(one_hot(name, self.names))
        for mask in masks.values():
            region = Masked(region, mask)
        return region

    def _opacity(self, name, frame):
        opacity = self._keyframes.setting(MASK, frame.seconds, 1)
        own = self._keyframes.setting(f"{MASK}.{name}", frame.seconds, 1)
        return opacity * own


def read_cues(
    style_names: Sequence[str],
    film: FilmSource,
    *,
    weights: Any = None,
    gradient: str | None = None,
    keyframes: Keyframes | None = None,
    mask: Any = None,
    default: Sequence[str] | None = None,
    end: float | None = None,
    note: Callable[[str], None],
) -> Cues:
    """Reads what a film is painted in, and where.

    Args:
        style_names: list of the N names of the network.
        film: the `FilmSource` that is painted.
        weights: None, or one blend, as `weights.style_weights` reads it.
        gradient: None, or text as `parse_gradient` reads it.
        keyframes: None, or `Keyframes`, of blends or of settings alone.
        mask: None, or what says how far each pixel is painted, as `open_mask`
            reads it; or such for each of several styles: text as
            "great_wave:sky.mp4,starry_night:ground.mp4", or a dict.
        default: None, or names of styles: where there is one, all is painted
            in that, unless another is given.
        end: seconds after which no mask is needed; None is the film's end.
        note: told in lines of text what is done to fit masks.

    Raises:
        InputError: if no styles are given, or in two ways; for what is wrong
            with one of them; for keyframes of a mask that is not there.
    """
    pairs = _split(mask)
    names = [name for name, _ in pairs if name is not None]
    given = {
        "style_weights": weights is not None,
        "keyframes": keyframes is not None and keyframes.has_weights,
        "gradient": gradient is not None,
        "mask": bool(names),
    }
    forms = [name for name, is_given in given.items() if is_given]
    if not forms and default is not None and len(default) == 1:
        weights = {default[0]: 1}
    elif len(forms) != 1:
        raise InputError(
            "Styles are given by `style_weights`, by blends of `keyframes`, by "
            "a `gradient`, or by a `mask` for each; got "
            f"`{', '.join(forms) or 'none'}`."
        )
    for number, name in enumerate(names):
        one_hot(name, style_names)  # An unknown name, before any file.
        if name in names[:number]:
            raise InputError(f"The style `{name}` has two masks: give one.")
    keyframes = keyframes or Keyframes({})
    opacities = [f"{MASK}.{name}" for name in names]
    opacities += [MASK] if pairs else []
    for setting in filter(_is_opacity, keyframes.settings):
        if setting not in opacities:
            raise InputError(
                f"The keyframes set `{setting}`, and there is no such mask: "
                "give it by `--mask`."
            )
    if weights is not None:
        blend = _read_blend(weights, style_names)
        keyframes = keyframes.with_weights(blend)
    return Cues(
        style_names,
        film,
        gradient=gradient,
        keyframes=keyframes,
        masks={
            name: open_mask(spec, film, end=end, note=note)
            for name, spec in pairs
        },
    )


def _split(mask):
    """Returns pairs of a style's name, or None, and its mask."""
    if mask is None:
        return []
    if isinstance(mask, Mapping):
        if not mask:
            raise InputError("No mask is given: the dict is empty.")
        return list(mask.items())
    if isinstance(mask, (np.ndarray, Mask)):
        return [(None, mask)]
    return split_masks(mask)


def _read_blend(weights, style_names):
    blend = style_weights(weights, style_names)
    if blend.ndim != 1:
        raise InputError(
            "A film is painted in one blend; give `keyframes`, a `gradient` or "
            "a `mask` where it varies."
        )
    return blend


def _is_opacity(setting):
    return setting.partition(".")[0] == MASK
