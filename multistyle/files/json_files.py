"""JSON files, whole or not at all."""

import json
import os
from typing import Any

from multistyle.files.whole_files import whole_file


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
