"""What the page is told of the server, and of its visitor's own."""

from typing import Any

import multistyle
from multistyle.server.jobs.job_queue import JobQueue
from multistyle.server.limits import Limits
from multistyle.server.orders.kinds import can_paint_films
from multistyle.server.orders.lessons import row_numbers
from multistyle.server.shelf import Shelf, learned_styles
from multistyle.server.visitors import Visitor


def describe_server(
    shelf: Shelf, limits: Limits, queue: JobQueue, visitor: Visitor
) -> dict[str, Any]:
    """Returns all that there is for a visitor, for JSON."""
    # Copies: a request of the same visitor may come meanwhile.
    models = [*shelf.models.values(), *list(visitor.models.values())]
    browser = shelf.browser_model
    own = visitor.rows.get(browser.fingerprint, {})
    return {
        "version": multistyle.__version__,
        "model": shelf.default,
        "browser_model": browser.name,
        "models": [model.describe() for model in models],
        "learned": [
            {
                "name": name,
                "models": known,
                "row": row_numbers(own.get(name)),
            }
            for name, known in learned_styles(visitor.rows, models)
        ],
        "uploads": [each.describe() for each in list(visitor.uploads.values())],
        "jobs": [queue.describe(job) for job in list(visitor.jobs.values())],
        "limits": {
            "pixels": limits.pixels,
            "upload_bytes": limits.upload_bytes,
            "film_seconds": limits.film_seconds,
            "uploads": limits.uploads,
            "jobs": limits.jobs,
        },
        "allowed": sorted(limits.allowed),
        "video": can_paint_films(),
    }
