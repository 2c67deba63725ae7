"""JSON files, whole or not at all."""

import json
import os
from collections.abc import Callable
from typing import Any

from multistyle.files.whole_files import whole_file


def parse_json(
    text: str | bytes,
    *,
    object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """Returns what JSON text stands for, which may come from anyone.

    Args:
        text: JSON; of bytes, UTF-8, UTF-16 or UTF-32.
        object_pairs_hook: of `json.loads`.

    Raises:
        ValueError: if it is none, or lies too deep in itself.
    """
    try:
        return json.loads(text, object_pairs_hook=object_pairs_hook)
    except RecursionError as error:
        raise ValueError("it lies too deep in itself") from error


def write_json(path: str | os.PathLike[str], obj: Any) -> None:
    """Writes `obj` as indented UTF-8 JSON, whole or not at all.

    Args:
        path: where the file shall stand.
        obj: what `json.dumps` takes; NaN and infinity are refused, because
            other readers of JSON refuse them.

    Raises:
        InputError: if no file can be made there.
        ValueError: if `obj` holds NaN or infinity.
    """
    text = json.dumps(obj, ensure_ascii=False, indent=2, allow_nan=False)
    with whole_file(path, "w") as file:
        file.write(text + "\n")
