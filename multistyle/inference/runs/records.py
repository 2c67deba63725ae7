"""Records: how the making of an output went, and what it was made of."""

import os
import stat
import time
import warnings
from typing import Any, NamedTuple

from multistyle.errors import InputError, InputWarning, OutputError
from multistyle.files.digests import file_digest
from multistyle.files.remote import describe_remote, is_remote
from multistyle.images.codecs.sources import (
    Source,
    source_name,
    warn_of_label,
)
from multistyle.images.codecs.streams import hold
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.staging import is_elsewhere, paint_staged
from multistyle.inference.runs.work import Work

# By which a photograph's file is told from an edited one, in what an output
# was made of; the rest of that is of its look.
FILE_FACTS = ("size", "mtime_ns", "sha256", "version")


class Outcome(NamedTuple):
    """What became of a work, in values that any process can be handed.

    Attributes:
        work: the `Work`.
        record: dict for JSON, see `make`.
        made_of: dict for JSON, what tells the photograph from an edited one.
        warnings: what was said of the photograph, one line each.
    """

    work: Work
    record: dict[str, Any]
    made_of: dict[str, Any]
    warnings: list[str]


def paint_work(composition: Composition, work: Work) -> Outcome:
    """Makes one output, in whichever process it is called.

    Args:
        composition: a `Composition`.
        work: the `Work`.

    Raises:
        OutputError: if nothing can be written there.
    """
    if not is_elsewhere(work):
        return _paint_here(composition, work)
    try:
        return paint_staged(_paint_here, composition, work)
    except OutputError:
        raise
    except InputError as error:
        return failed(work, str(error))


def _paint_here(composition, work):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", InputWarning)
        record, made_of = _paint(composition, work)
    return Outcome(work, record, made_of, [str(one.message) for one in said])


def failed(work: Work, message: str) -> Outcome:
    """Returns the outcome of a work that ended without one of its own."""
    record = base_record(work.photograph, work.output, "failed")
    return Outcome(work, record | {"error": message}, {}, [])


def _paint(composition, work):
    try:
        made_of = _describe(work.photograph)
    except OSError:  # The painting says why.
        made_of = {}
    try:
        composition, facts = composition.of_work(work, made_of.get("sha256"))
    except InputError as error:
        record = base_record(work.photograph, work.output, "failed")
        return record | {"error": str(error)}, made_of
    record = make(composition, work.photograph, work.output, work.may_write)
    return record | facts, made_of | facts


def make(
    composition: Composition,
    photograph: Source,
    output: str | os.PathLike[str],
    overwrite: bool = False,
) -> dict[str, Any]:
    """Makes the composition of one photograph and says how it went.

    Args:
        composition: a `Composition`.
        photograph: path of a picture, or an open binary file.
        output: path to write.
        overwrite: bool, whether a file there may be replaced.

    Returns:
        Dict for JSON: "input", "output", "status" ("painted" or "failed"),
        then "seconds", or "error" with what is wrong with the photograph.

    Raises:
        OutputError: if nothing can be written there.
    """
    start = time.perf_counter()
    try:
        if isinstance(photograph, (str, os.PathLike)):
            photograph = hold(photograph)
        warn_of_label(photograph)
        composition.write(photograph, output, overwrite)
    except OutputError:
        raise
    except InputError as error:
        record = base_record(photograph, output, "failed")
        return record | {"error": str(error)}
    seconds = round(time.perf_counter() - start, 3)
    return base_record(photograph, output, "painted") | {"seconds": seconds}


def base_record(
    photograph: Source, output: str | os.PathLike[str], status: str
) -> dict[str, Any]:
    """Returns what each record begins with, a dict for JSON."""
    return {
        "input": source_name(photograph),
        "output": str(output),
        "status": status,
    }


def is_unchanged(photograph: str, made_of: dict[str, Any]) -> bool:
    """Whether a photograph is what an output was made of.

    Args:
        photograph: path or URL of its file.
        made_of: what the record of that output says of it.

    Raises:
        InputError, OSError: if it cannot be found out.
    """
    if "sha256" not in made_of:
        return True  # A run of version 0.1 did not say what it was made of.
    if is_remote(photograph):
        return describe_remote(photograph).items() <= made_of.items()
    status = os.stat(photograph)
    times = [status.st_size, status.st_mtime_ns]
    return times == [made_of.get("size"), made_of.get("mtime_ns")] or made_of[
        "sha256"
    ] == file_digest(photograph)


def _describe(photograph):
    """Returns what tells a photograph from an edited one, a dict for JSON."""
    status = os.stat(photograph)
    if not stat.S_ISREG(status.st_mode):
        return {}  # A pipe can be read once.
    return {
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "sha256": file_digest(photograph),
    }
