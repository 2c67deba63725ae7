"""Pictures: one at full size, its preview, and a grid of blends."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from multistyle.blends.regions import Region
from multistyle.blends.weights import StyleWeights
from multistyle.images.codecs.formats import FORMATS_BY_SUFFIX, suffix_of
from multistyle.images.codecs.sources import opened, read_format
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.grid import Grid
from multistyle.inference.passes.levels import DECIDING_SIZE
from multistyle.server.jobs.job import Job, Result
from multistyle.server.orders.looks import describe_blend, read_blend
from multistyle.server.orders.order import Order, output_path
from multistyle.server.uploads import Upload

Making = Callable[[Job], Result]
# Suffixes of what a page shows and saves.
SUFFIXES = {"png": ".png", "jpeg": ".jpg"}
_MOST_CELLS = 12
_LONGEST_SIDE = 10**6


def order_picture(order: Order) -> Making:
    """Paints a photograph at full size, with the rest of its file."""
    content = order.content()
    fields = order.look_fields()
    region = order.region(fields)
    look = _picture_look(order, fields)
    suffix = _suffix(order, suffix_of(read_format(content.path)))
    _expect_picture(order, look, content, suffix)
    blends = describe_blend(fields, order.style_names)
    description = f"multistyle: {order.model.name}, {blends}"
    strip_metadata = order.fields.flag("strip_metadata")
    order.check(fields)

    def work(job: Job) -> Result:
        told = replace(look, progress=job.progress)
        blend = Blend(
            order.stylizer(job),
            region,
            look=told,
            strip_metadata=strip_metadata,
            description=description,
        )
        path = output_path(job, content, "stylized", suffix)
        blend.write(content.path, path)
        return picture_result(path)

    return work


def estimate_picture(order: Order) -> float:
    """Returns about how many seconds `order_picture` would take.

    The photograph's `width` and `height` will do in its place.
    """
    order.fields.get("kind")
    fields = order.look_fields()
    order.region(fields)
    look = _picture_look(order, fields)
    sides = [
        order.fields.optional_whole(name, 1, _LONGEST_SIDE)
        for name in ("width", "height")
    ]
    suffix = ".jpg"
    content: Upload | tuple[int, int]
    if None in sides:
        content = order.content()
        suffix = suffix_of(read_format(content.path))
    else:
        width, height = filter(None, sides)
        order.limits.check_pixels(width, height)
        content = height, width
        order.fields.get("content")
    _expect_picture(order, look, content, _suffix(order, suffix))
    order.fields.flag("strip_metadata")
    order.check(fields)
    return order.foresee()


def _picture_look(order, fields):
    longest = order.fields.optional_whole("max_size", 8, _LONGEST_SIDE)
    return order.look(fields, max_size=longest)


def _expect_picture(order, look, content, suffix):
    order.expect(look, content, rest=f"a picture as {suffix}")


def order_preview(order: Order) -> Making:
    """Paints a photograph small, with the strokes of the final picture."""
    content = order.content()
    fields = order.look_fields()
    region = order.region(fields)
    look = order.look(fields)
    long_side = order.fields.whole("long_side", 8, DECIDING_SIZE, 768)
    suffix = _suffix(order, ".jpg")
    order.expect(look, content, rest="a preview", is_small=True)
    order.check(fields)

    def work(job: Job) -> Result:
        blend = Blend(order.stylizer(job), region, look=look)
        blend.shown_size = long_side
        picture = blend.paint_cell(blend.read(content.path), region)
        path = output_path(job, content, "preview", suffix)
        write_image(path, picture)
        return picture_result(path)

    return work


def order_grid(order: Order) -> Making:
    """Paints a photograph in the blends of four, on one sheet."""
    content = order.content()
    fields = order.look_fields()
    look = order.look(fields)
    corners = [
        read_blend(corner, order.style_names)
        for corner in order.fields.items("corners", 4, 4)
    ]
    rows = order.fields.whole("rows", 2, _MOST_CELLS, 5)
    columns = order.fields.whole("columns", 2, _MOST_CELLS, 5)
    size = order.fields.whole("size", 32, 1024, 320)
    suffix = _suffix(order, ".png")
    order.expect(
        look, content, rest="a grid", count=rows * columns, is_small=True
    )
    order.check(fields)

    def work(job: Job) -> Result:
        grid = _CountedGrid(
            order.stylizer(job),
            corners,
            rows=rows,
            columns=columns,
            look=look,
        )
        grid.shown_size = size
        grid.job = job
        path = output_path(job, content, "grid", suffix)
        grid.write(content.path, path)
        return picture_result(path)

    return work


class _CountedGrid(Grid):
    """A grid that tells how many of its cells are painted."""

    job: Job
    _num_painted = 0

    def paint_cell(
        self, photograph: np.ndarray, weights: Region | StyleWeights
    ) -> np.ndarray:
        cell = super().paint_cell(photograph, weights)
        self._num_painted += 1
        self.job.progress(self._num_painted / self.weights[..., 0].size)
        return cell


def picture_result(path: Path) -> Result:
    """Describes a picture that was written."""
    type = Image.MIME[FORMATS_BY_SUFFIX[path.suffix]]
    with opened(path, max_pixels=float("inf")) as image:
        return Result.of_file(path, type, image.size[::-1])


def _suffix(order: Order, default: str) -> str:
    if order.fields.get("format") is None:
        return default
    return SUFFIXES[order.fields.choice("format", tuple(SUFFIXES))]
