"""Orders: what a visitor asks for, with all that it takes to make it."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from multistyle.blends.regions import Region
from multistyle.inference.compositions.look import Look
from multistyle.inference.passes.levels import level_sizes
from multistyle.inference.stylizer import Stylizer
from multistyle.server.fields import Fields
from multistyle.server.jobs.efforts import Effort
from multistyle.server.jobs.job import Job
from multistyle.server.limits import Limits
from multistyle.server.orders.looks import read_region, read_style
from multistyle.server.refusals import Refusal
from multistyle.server.shelf import Model, Shelf
from multistyle.server.uploads import Upload
from multistyle.server.visitors import Visitor


@dataclass(kw_only=True)
class Order:
    """One request for a job.

    Attributes:
        fields: what the request says.
        visitor: who asks.
        max_memory: see `Stylizer.stylize`.
        effort: how much work it is; known once it is read.
    """

    fields: Fields
    visitor: Visitor
    shelf: Shelf
    limits: Limits
    max_memory: int | None = None
    effort: Effort | None = None

    @functools.cached_property
    def model(self) -> Model:
        """The model that is to paint."""
        name = self.fields.text("model", self.shelf.default)
        models = {**self.shelf.models, **self.visitor.models}
        if name not in models:
            raise Refusal(
                f"There is no model `{name[:40]}` here: choose one of "
                f"{', '.join(models)}."
            )
        return models[name]

    @functools.cached_property
    def style_names(self) -> list[str]:
        """The model's names, and the visitor's own, as `stylizer` has them."""
        own = self.visitor.rows.get(self.model.fingerprint, {})
        names = list(self.model.style_names)
        return names + [name for name in own if name not in names]

    def content(self, kind: str = "picture") -> Upload:
        """Returns the file that is to be painted."""
        return self.visitor.upload(self.fields.get("content"), kind)

    def region(self, fields: Fields) -> Region:
        """Returns what a look paints where."""
        return read_region(
            fields,
            self.style_names,
            lambda id: self.visitor.upload(id, "mask").path,
        )

    def look_fields(self) -> Fields:
        """Returns the look, which may be left out where blends are given."""
        return self.fields.inner("look") or Fields({}, "`look`")

    def look(self, fields: Fields, max_size: int | None = None) -> Look:
        """Returns how it is painted besides its blend."""
        return Look(
            **read_style(fields),
            max_size=max_size,
            max_memory=self.max_memory,
        )

    def stylizer(self, job: Job) -> Stylizer:
        """Returns what paints, and ends where the job is cancelled."""
        stylizer = self._stylizer(job.check)
        job.begin()
        return stylizer

    def foresee(self) -> float:
        """Returns about how many seconds it takes, measured if need be."""
        assert self.effort is not None
        self._stylizer(lambda: None)
        return self.effort.seconds(self.shelf.paces) or 0.0

    def expect(
        self,
        look: Look,
        content: Upload | tuple[int, int],
        *,
        rest: str,
        count: int = 1,
        is_small: bool = False,
    ) -> None:
        """Notes the work of pictures of one size.

        Args:
            look: how they are painted.
            content: the photograph or film; or its (height, width) in pixels.
            rest: name of what there is to do besides painting.
            count: of the pictures.
            is_small: whether only the first of their levels is painted.
        """
        if isinstance(content, Upload):
            content = content.height or 1, content.width or 1
        scale = min(1.0, (look.max_size or math.inf) / max(content))
        height, width = (max(1, round(side * scale)) for side in content)
        size = height, width
        sizes = [size]
        if look.strokes == "fitted":
            sizes = level_sizes(size, look.stroke_scale or 1.0)
        first, *finer = (count * math.prod(one) for one in sizes)
        painted = {self.model.fingerprint: first}
        if finer and not is_small:
            finisher = self.shelf.finisher_fingerprint(self.model)
            finisher = finisher or self.model.fingerprint
            painted[finisher] = painted.get(finisher, 0) + sum(finer)
        self.effort = Effort(
            painted=painted, rest=rest, units=count * math.prod(size)
        )

    def _stylizer(self, check: Callable[[], None]) -> Stylizer:
        painted = () if self.effort is None else self.effort.painted
        return self.shelf.stylizer(
            self.model, self.visitor.rows, check, tuple(painted)
        )

    def check(self, *fields: Fields) -> None:
        """Refuses what no part of the order asked for."""
        for one in (self.fields, *fields):
            one.check_all_known()


def output_path(job: Job, content: Upload, noun: str, suffix: str) -> Path:
    """Returns where a job writes: photo_stylized.jpg and the like."""
    return job.folder / f"{content.path.stem}_{noun}{suffix}"
