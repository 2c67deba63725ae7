"""Films: painted so that the painting holds still, whole or in part."""

import mimetypes
from pathlib import Path
from typing import Any

from multistyle.server.jobs import Job, Result
from multistyle.server.orders.looks import read_blend, read_style
from multistyle.server.orders.order import Order, output_path
from multistyle.server.orders.pictures import Work
from multistyle.server.refusals import Refusal

FORMATS = ("mp4", "webm", "gif")
_TRIAL_SECONDS = 1.0


def order_film(order: Order) -> Work:
    """Paints a film, or the part from one time to another."""
    length = _length(order)
    begin = order.fields.number("from", 0.0, length, 0.0)
    end = order.fields.number("to", 0.0, length, length)
    if end <= begin:
        raise Refusal("`to` is later than `from`.")
    order.limits.check_seconds(end - begin)
    return _order(order, begin, end, "stylized")


def order_trial(order: Order) -> Work:
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


def _order(order: Order, begin: float, end: float, noun: str) -> Work:
    content = order.content("film")
    fields = order.look_fields()
    if fields.get("regions") or fields.get("gradient"):
        raise Refusal(
            "A film is painted in one blend: leave masks and the gradient out."
        )
    blend = read_blend(fields.get("weights"), order.style_names)
    style = read_style(fields)
    stability = order.fields.number("stability", 0.0, 1.0, 0.5)
    max_size = order.fields.optional_whole("max_size", 16, 8192)
    format = order.fields.choice("format", FORMATS, "mp4")
    order.check(fields)
    part: dict[str, Any] = {}
    if begin > 0 or end < (content.seconds or 0.0):
        part = {"begin": begin, "end": end}

    def work(job: Job) -> Result:
        # Late: films are an extra.
        from multistyle.video.film import paint_film

        engine = order.stylizer(job).engine
        path = output_path(job, content, noun, f".{format}")
        job.count(0, _count(content, begin, end))
        paint_film(
            content.path,
            path,
            style_weights=blend.tolist(),
            model=order.model.path,
            load=lambda path, precision: engine,
            stability=stability,
            max_size=max_size,
            note=job.note,
            progress=lambda done, total: job.count(done, total),
            **style,
            **part,
        )
        return film_result(path)

    return work


def _count(content, begin, end):
    """Returns about how many frames a part of a film has."""
    if not content.frames or not content.seconds:
        return None
    return max(1, round(content.frames * (end - begin) / content.seconds))
