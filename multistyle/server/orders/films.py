"""Films: painted so that the painting holds still, whole or in part."""

import mimetypes
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.masks import Mask
from multistyle.inference.compositions.look import Look
from multistyle.server.fields import Fields
from multistyle.server.jobs.job import Job, Result
from multistyle.server.orders.looks import read_blend, read_gradient, read_style
from multistyle.server.orders.order import Order, output_path
from multistyle.server.orders.pictures import Making
from multistyle.server.refusals import Refusal

FORMATS = ("mp4", "webm", "gif")
_TRIAL_SECONDS = 1.0


def order_film(order: Order) -> Making:
    """Paints a film, or the part from one time to another."""
    length = _length(order)
    begin = order.fields.number("from", 0.0, length, 0.0)
    end = order.fields.number("to", 0.0, length, length)
    if end <= begin:
        raise Refusal("`to` is later than `from`.")
    order.limits.check_seconds(end - begin)
    return _order(order, begin, end, "stylized")


def order_trial(order: Order) -> Making:
    """Paints one second of a film, by default from its middle."""
    length = _length(order)
    middle = max(0.0, (length - _TRIAL_SECONDS) / 2)
    begin = order.fields.number("from", 0.0, length, middle)
    order.fields.get("to")  # Of the film that is tried; it changes nothing.
    begin = max(0.0, min(begin, length - _TRIAL_SECONDS))
    end = min(length, begin + _TRIAL_SECONDS)
    return _order(order, begin, end, "trial")


def film_result(path: Path) -> Result:
    """Describes a film that was written."""
    # Late: films are an extra.
    from multistyle.video.decoding.reader import FilmReader

    reader = FilmReader(path)
    type = mimetypes.types_map.get(path.suffix, "video/mp4")
    seconds = (reader.num_frames or 0) / float(reader.rate)
    return Result.of_file(path, type, reader.size, round(seconds, 3))


def _length(order: Order) -> float:
    order.limits.check_allowed("films")
    return order.content("film").seconds or 0.0


def _order(order: Order, begin: float, end: float, noun: str) -> Making:
    content = order.content("film")
    fields = order.look_fields()
    style = read_style(fields)
    max_size = order.fields.optional_whole("max_size", 16, 8192)
    blend = _read_blend(order, fields)
    stability = order.fields.number("stability", 0.0, 1.0, 0.5)
    format = order.fields.choice("format", FORMATS, "mp4")
    order.check(fields)
    count = _count(content, begin, end)
    order.expect(
        Look(
            strokes=style["strokes"],
            stroke_scale=style["stroke_scale"],
            max_size=max_size,
        ),
        content,
        rest=f"a film as {format}",
        count=count or 1,
    )
    part: dict[str, Any] = {}
    if begin > 0 or end < (content.seconds or 0.0):
        part = {"begin": begin, "end": end}

    def work(job: Job) -> Result:
        # Late: films are an extra.
        from multistyle.video.film import paint_film

        engine = order.stylizer(job).engine
        path = output_path(job, content, noun, f".{format}")
        job.count(0, count)
        paint_film(
            content.path,
            path,
            model=order.model.path,
            load=lambda path, precision: engine,
            stability=stability,
            max_size=max_size,
            note=job.note,
            progress=lambda done, total: job.count(done, total),
            **blend,
            **style,
            **part,
        )
        return film_result(path)

    return work


def _read_blend(order: Order, fields: Fields) -> dict[str, Any]:
    """Reads what a film is painted in, and where.

    Returns:
        Dict of keywords that `paint_film` takes: "style_weights" or
        "gradient", with or without "mask"; or "mask" alone, one a style.
    """
    names = order.style_names
    regions = [
        Fields(item, "region") for item in fields.items("regions", 0, 16)
    ]
    # Read as pictures: by its path a mask might be a film, of anything.
    masks = [
        Mask.read(order.visitor.upload(one.get("mask"), "mask").path)
        for one in regions
    ]
    gradient = fields.inner("gradient")
    weights = fields.get("weights")
    blends = [one.get("weights") for one in regions]
    if len(regions) > 1:
        if gradient is not None:
            raise Refusal("A gradient goes with one region, or with none.")
        chosen = [_only_style(read_blend(one, names), names) for one in blends]
        if len(set(chosen)) < len(chosen):
            raise Refusal("Two masks of one style are one mask: join them.")
        return {"mask": dict(zip(chosen, masks, strict=True))}
    painted: dict[str, Any] = {"mask": masks[0]} if masks else {}
    if gradient is not None:
        stops = read_gradient(gradient, names).stops
        chosen = [_only_style(stop, names) for stop in stops]
        text = f"{'>'.join(chosen)}:{gradient.get('angle') or 0}"
        return {**painted, "gradient": text}
    own = blends[0] if blends and blends[0] is not None else weights
    return {**painted, "style_weights": read_blend(own, names).tolist()}


def _only_style(blend, names):
    """Returns the name of the one style of a blend, or refuses."""
    if np.count_nonzero(blend) != 1:
        raise Refusal(
            "In a film each of several masks, and each stop of a gradient, "
            "has one style: give one."
        )
    return names[int(blend.argmax())]


def _count(content, begin, end):
    """Returns about how many frames a part of a film has."""
    if not content.frames or not content.seconds:
        return None
    return max(1, round(content.frames * (end - begin) / content.seconds))
