"""Lessons: a visitor's painting becomes a style of theirs."""

import numpy as np

from multistyle.blends.names import check_style_name
from multistyle.inference.engines.engine import Engine
from multistyle.learning.learned_rows import LEARNINGS
from multistyle.learning.lesson import SECONDS, Lesson
from multistyle.learning.paintings import Paintings
from multistyle.network.rows import flatten_row, join_layers
from multistyle.server.jobs.efforts import Effort
from multistyle.server.jobs.job import Job, Result
from multistyle.server.orders.order import Order
from multistyle.server.orders.pictures import Making
from multistyle.server.shelf import check_new_name

_MOST_PAINTINGS = 8


def order_lesson(order: Order) -> Making:
    """Learns a style of one or several paintings of one hand.

    For the model that is to paint, for its finisher, and for what paints in
    the browser, so that all of them can blend it.
    """
    order.limits.check_allowed("learning")
    works = [
        order.visitor.upload(id, "painting").path
        for id in order.fields.items("paintings", 1, _MOST_PAINTINGS)
    ]
    name = check_style_name(order.fields.text("name"))
    learning = order.fields.choice("learning", LEARNINGS, "quick")
    models = {**order.shelf.models, **order.visitor.models}
    browser_model = order.shelf.browser_model
    check_new_name(name, (order.model, browser_model))
    order.check()
    networks = {order.model.fingerprint, browser_model.fingerprint}
    order.effort = Effort(
        rest="a lesson", units=len(networks), usual=SECONDS[learning]
    )

    def work(job: Job) -> Result:
        lesson = Lesson(Paintings(works, name=name), learning=learning)
        paths = dict.fromkeys((order.model.path, browser_model.path))
        engines: dict[str, Engine] = {}
        for path in paths:
            engine = order.shelf.engine(path)
            for each in filter(None, (engine, engine.finisher)):
                # The model itself says why where it cannot learn so.
                is_able = path == order.model.path or lesson.suits(each)
                if is_able:
                    engines.setdefault(each.fingerprint, each)
        learned = _learn(job, lesson, engines)
        for digits, row in learned.items():
            order.visitor.rows.setdefault(digits, {})[name] = row
        return style_result(
            name,
            [m.name for m in models.values() if m.fingerprint in learned],
            learned.get(browser_model.fingerprint),
        )

    return work


def _learn(
    job: Job, lesson: Lesson, engines: dict[str, Engine]
) -> dict[str, np.ndarray]:
    learned: dict[str, np.ndarray] = {}
    # A wide network takes longer, about as its rows do.
    sizes = [
        join_layers(engine.rows)[0].shape[1] for engine in engines.values()
    ]
    shares = np.cumsum([0, *sizes]) / sum(sizes)
    for (digits, engine), start, end in zip(
        engines.items(), shares, shares[1:], strict=False
    ):

        def progress(
            share: float, start: float = start, end: float = end
        ) -> None:
            job.progress(start + share * (end - start))

        progress(0.0)
        row = lesson.learn(engine, progress=progress)
        learned[digits] = flatten_row(row)
    return learned


def style_result(
    name: str, models: list[str], row: np.ndarray | None
) -> Result:
    """Describes a style of a visitor's own.

    Args:
        name: of the style.
        models: names of those that can paint in it.
        row: of the network that paints in the browser, see `flatten_row`; or
            None.
    """
    return Result(
        facts={"name": name, "models": models, "row": row_numbers(row)}
    )


def row_numbers(row: np.ndarray | None) -> list[float] | None:
    """Returns a row as the page takes it: all gammas, then all betas."""
    if row is None:
        return None
    return [round(float(number), 6) for number in row.ravel()]
