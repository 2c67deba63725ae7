"""Listed blends: each output in a blend and a look of its own."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from multistyle.blends.region_specs import split_masks
from multistyle.blends.regions import Region
from multistyle.errors import InputError
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.runs.work import Work
from multistyle.inference.stylizer import Stylizer

_OF_LOOK = (
    "strength",
    "keep_colors",
    "max_size",
    "strokes",
    "stroke_scale",
    "tiling",
)


class ListedBlends(Composition):
    """Each photograph painted as its work's settings say.

    Args:
        stylizer: a `Stylizer`.
        look: a `Look`, for what the settings leave out.
        strip_metadata: likewise.
    """

    noun = "stylized"
    shown_size = None
    keeps_alpha = True

    def __init__(
        self,
        stylizer: Stylizer,
        *,
        look: Look | None = None,
        strip_metadata: bool = False,
    ):
        super().__init__(stylizer, look=look)
        self._strip_metadata = strip_metadata

    def options(self) -> dict[str, Any]:
        options = {"style_weights": "listed"} | super().options()
        if self._strip_metadata:
            options["strip_metadata"] = True
        return options

    def check_works(self, works: Sequence[Work]) -> None:
        """Raises InputError for settings that nothing can be painted by.

        Masks are not read; what is wrong with one is said of its output.
        """
        known: set[str] = set()
        for work in works:
            settings = work.settings or {}
            # Many have the same.
            key = repr(sorted(settings.items(), key=repr))
            if key in known:
                continue
            known.add(key)
            try:
                self._blend(settings, self._styles(settings))
            except InputError as error:
                raise InputError(
                    f"`{work.name}` in the list: {error}"
                ) from None

    def of_work(
        self, work: Work, digest: str | None
    ) -> tuple[Composition, dict[str, Any]]:
        settings = work.settings or {}
        region = self.stylizer.region(
            settings.get("style_weights"),
            settings.get("mask"),
            settings.get("gradient"),
            extrapolate=settings.get("extrapolate", False),
            max_pixels=self.look.max_pixels,
        )
        return self._blend(settings, region), dict(settings)

    def _styles(self, settings: Mapping[str, Any]) -> Region:
        """Returns the region without its masks."""
        mask = settings.get("mask")
        weights, gradient = (
            settings.get(name) for name in ("style_weights", "gradient")
        )
        names = [name for name, _ in split_masks(mask)] if mask else []
        if names and None not in names and weights is None and gradient is None:
            weights = {str(name): 1 for name in names}
        return self.stylizer.region(
            weights,
            gradient=gradient,
            extrapolate=settings.get("extrapolate", False),
        )

    def _blend(self, settings, region):
        look = {name: settings[name] for name in _OF_LOOK if name in settings}
        return Blend(
            self.stylizer,
            region,
            look=dataclasses.replace(self.look, **look),
            strip_metadata=settings.get("strip_metadata", self._strip_metadata),
        )
