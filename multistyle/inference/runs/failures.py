"""Failures: what a run could not paint, in a file beside the outputs."""

import json
import os
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.whole_files import cannot_write

FAILURES_FILE = "failed.jsonl"
# What a line of it begins with, so that no other file is taken for one.
_KEYS = ("input", "output", "error")


class Failures:
    """The records of what a run could not paint, one JSON object a line.

    The file is there once something failed. A run forgets those of the run
    before it, whose works it tries again.

    Args:
        path: of the file.

    Raises:
        InputError: if a file of somebody else stands there.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        if os.path.exists(self._path) and not self._is_one():
            raise InputError(
                f"`{path}` is where a run lists what it cannot paint, and is "
                "no such list: move it, or give another --output."
            )

    def forget(self) -> None:
        """Empties the file, where it is.

        Raises:
            OutputError: if it cannot be written.
        """
        if os.path.exists(self._path):
            self._write("w", "")

    def add(self, record: dict[str, Any]) -> None:
        """Adds a record.

        Raises:
            OutputError: if it cannot be written.
        """
        line = {key: record[key] for key in _KEYS}
        self._write("a", json.dumps(line, ensure_ascii=False) + "\n")

    def _write(self, mode, text):
        try:
            with open(self._path, mode, encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _is_one(self):
        try:
            with open(self._path, encoding="utf-8") as file:
                line = file.readline()
            if not line.endswith("\n"):  # What a kill cut short, or nothing.
                begin = f'{{"{_KEYS[0]}": '
                return begin.startswith(line) or line.startswith(begin)
            return tuple(json.loads(line)) == _KEYS
        except (OSError, RecursionError, TypeError, ValueError):
            return False
