"""Standard input as a photograph, and standard output as a picture's file."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multistyle.errors import InputError
from multistyle.images.codecs.formats import suffix_of
from multistyle.images.codecs.sources import read_format
from multistyle.images.codecs.streams import STREAM, Stream

if TYPE_CHECKING:
    from multistyle.inference.compositions.composition import Composition


def standard_input() -> Stream:
    """Reads standard input, a photograph like an open file.

    Raises:
        InputError: if it is a terminal.
    """
    if sys.stdin.isatty():
        raise InputError(
            f"`{STREAM}` is standard input, which is a terminal here: pipe "
            "a picture into it."
        )
    return Stream(sys.stdin.buffer, "<standard input>", sys.stdin.fileno())


def file_name(photograph: Path | Stream) -> str:
    """Returns the name that the file of a photograph has, or would have."""
    if not isinstance(photograph, Stream):
        return photograph.name
    is_named = isinstance(photograph.origin, str)
    stem = Path(photograph.name).stem if is_named else "stdin"
    return stem + _held_suffix(photograph)


def _held_suffix(photograph):
    """Returns the suffix of what a photograph's file holds, else .png."""
    try:
        return suffix_of(read_format(photograph))
    except InputError:  # It is said when the picture itself is read.
        return ".png"


def paint_to_stream(
    composition: "Composition",
    photograph: Path | Stream,
    format: str | None = None,
) -> dict[str, Any]:
    """Makes the composition of one photograph, onto standard output.

    Nothing is written there where the photograph cannot be painted.

    Args:
        composition: a `Composition`.
        photograph: path of a picture, or a `Stream`.
        format: str, a suffix without its dot; None is the photograph's for
            one picture, and png for a sheet of several.

    Returns:
        Dict for JSON, see `inference.runs.records.make`.

    Raises:
        InputError: if standard output is a terminal.
    """
    from multistyle.inference.runs.records import make

    if sys.stdout.isatty():
        raise InputError(
            f"`--output={STREAM}` is standard output, which is a terminal "
            "here: redirect it, or name a file."
        )
    suffix = f".{format or 'png'}"
    if not format and composition.noun == "stylized":
        suffix = _held_suffix(photograph)
    with tempfile.TemporaryDirectory(prefix="multistyle-") as folder:
        path = Path(folder, f"picture{suffix}")
        record = make(composition, photograph, path)
        if path.exists():
            with open(path, "rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    return {**record, "output": STREAM}
