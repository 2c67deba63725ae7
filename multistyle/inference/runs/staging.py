"""Staging: works whose files are elsewhere are painted on this machine."""

import posixpath
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from multistyle.files.remote import describe_remote, fetch, is_remote, send
from multistyle.inference.runs.work import Work


def is_elsewhere(work: Work) -> bool:
    """Whether a work's photograph or output is a URL."""
    return is_remote(work.photograph) or is_remote(work.output)


def paint_staged(
    paint: Callable[[Any, Work], Any], composition: Any, work: Work
) -> Any:
    """Fetches a photograph, paints, and sends the output where it belongs.

    Args:
        paint: function of the composition and a work of this machine, which
            returns an `Outcome`.
        composition: a `Composition`.
        work: the `Work`.

    Returns:
        The `Outcome`, which names the files as `work` does.

    Raises:
        InputError: if the photograph cannot be fetched.
        OutputError: if the output cannot be sent.
    """
    with tempfile.TemporaryDirectory(prefix="multistyle-") as folder:
        photograph = _place(folder, "in", work.photograph)
        output = _place(folder, "out", work.output)
        made_of = {}
        if is_remote(work.photograph):
            made_of = describe_remote(work.photograph)
            fetch(work.photograph, photograph)
        here = work._replace(photograph=photograph, output=output)
        outcome = paint(composition, here)
        record = {
            **outcome.record,
            "input": work.photograph,
            "output": work.output,
        }
        names = {photograph: work.photograph, output: work.output}
        if "error" in record:
            record["error"] = _rename(record["error"], names)
        if record["status"] == "painted" and is_remote(work.output):
            send(output, work.output)
        if made_of:
            facts = dict(outcome.made_of)
            facts.pop("mtime_ns", None)  # Of the copy.
            made_of = facts | made_of
        return outcome._replace(
            work=work,
            record=record,
            made_of=made_of or outcome.made_of,
            warnings=[_rename(line, names) for line in outcome.warnings],
        )


def _place(folder, part, path):
    """Returns where a file stands while it is painted."""
    if not is_remote(path):
        return path
    place = Path(folder, part)
    place.mkdir()
    return str(place / posixpath.basename(path))


def _rename(text, names):
    for here, there in names.items():
        text = text.replace(here, there)
    return text
