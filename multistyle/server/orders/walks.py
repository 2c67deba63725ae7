"""Walks: a photograph in blends from style to style, as a GIF or a film."""

from collections.abc import Iterator

import numpy as np

from multistyle.images.codecs.animation import even_timing, write_animation
from multistyle.inference.compositions.path import BlendPath
from multistyle.inference.passes.levels import DECIDING_SIZE
from multistyle.server.jobs.job import Job, Result
from multistyle.server.orders.looks import read_blend
from multistyle.server.orders.order import Order, output_path
from multistyle.server.orders.pictures import Making, picture_result

# Pictures a second.
_RATES = {"gif": 12, "mp4": 24}
_MOST_POINTS = 16
_LONGEST = 60.0


def order_path(order: Order) -> Making:
    """Paints a photograph in blends from each of several to the next."""
    content = order.content()
    fields = order.look_fields()
    look = order.look(fields)
    points = [
        read_blend(point, order.style_names)
        for point in order.fields.items("points", 2, _MOST_POINTS)
    ]
    format = order.fields.choice("format", tuple(_RATES), "gif")
    if format == "mp4":
        # Late: films are an extra, whose lack is said at once.
        from multistyle.video.packages import import_av

        import_av()
    seconds = order.fields.number("seconds", 0.5, _LONGEST, 4.0)
    size = order.fields.whole("size", 32, DECIDING_SIZE, 512)
    order.check(fields)
    count = max(len(points), round(seconds * _RATES[format]))
    order.expect(
        look,
        content,
        rest=f"a walk as {format}",
        count=count,
        is_small=True,
    )

    def work(job: Job) -> Result:
        walk = BlendPath(
            order.stylizer(job), points, num_frames=count, look=look
        )
        walk.shown_size = size
        frames = _counted(walk.frames(walk.read(content.path)), count, job)
        path = output_path(job, content, "path", f".{format}")
        if format == "gif":
            timing = even_timing(count, _RATES[format])
            write_animation(path, frames, timing)
            result = picture_result(path)
            result.facts["seconds"] = count / _RATES[format]
            return result

        # Late, as above.
        from multistyle.server.orders.films import film_result
        from multistyle.video.encoding.picture_film import write_picture_film

        write_picture_film(path, frames, rate=_RATES[format])
        return film_result(path)

    return work


def _counted(
    frames: Iterator[np.ndarray], total: int, job: Job
) -> Iterator[np.ndarray]:
    for done, frame in enumerate(frames, 1):
        yield frame
        job.count(done, total)
