"""What a folder of outputs was begun with, and what of it is finished."""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import cannot_write, whole_file


class Manifest:
    """What a folder was begun with, and what of it is finished.

    One JSON object a line: first {"options": ...}, then {"started": name}
    before and {"finished": name} after each output. An output that was only
    started may be replaced; one without a line is somebody else's.

    Args:
        path: of the file.
        options: dict for JSON.
        overwrite: whether to forget what the file holds.

    Attributes:
        started: set of the names of outputs that were begun.
        finished: set of the names of outputs that are complete.

    Raises:
        InputError: if the file holds other options, is not a manifest, or
            cannot be read.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        options: dict[str, Any],
        *,
        overwrite: bool = False,
    ) -> None:
        self._path = expand_home(path)
        self._options = options
        self._is_new = overwrite or not self._path.is_file()
        self.started: set[str] = set()
        self.finished: set[str] = set()
        self._lock = threading.Lock()
        if not self._is_new:
            self._read()

    def open(self) -> None:
        """Writes the options, or mends what a kill cut short.

        Raises:
            InputError: if the file cannot be written.
        """
        if self._is_new:
            with whole_file(self._path, "w") as file:
                file.write(_line({"options": self._options}))
        elif not self._path.read_bytes().endswith(b"\n"):
            self._append("\n")

    def add(self, kind: str, name: str) -> None:
        """Adds an output to "started" or "finished"; threads may do so.

        Raises:
            InputError: if the file cannot be written.
        """
        with self._lock:
            getattr(self, kind).add(name)
            self._append(_line({kind: name}))

    def _append(self, text):
        try:
            with open(self._path, "a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _read(self):
        lines: list[dict[str, Any]] = []
        with contextlib.suppress(UnicodeDecodeError):
            lines += _parse_lines(_read_text(self._path))
        before = lines[0].get("options") if lines else None
        if not isinstance(before, dict):
            raise InputError(
                f"`{self._path}` is not a manifest of multistyle: give another "
                "--output, or --overwrite."
            )
        names = dict.fromkeys([*before, *self._options])
        differences = [
            f"`{name}` was {json.dumps(before.get(name))}, now "
            f"{json.dumps(self._options.get(name))}"
            for name in names
            if before.get(name) != self._options.get(name)
        ]
        if differences:
            raise InputError(
                f"`{self._path.parent}` was begun with other options: "
                f"{'; '.join(differences)}. Give these again to go on, "
                "another --output, or --overwrite to start anew."
            )
        for kind in ("started", "finished"):
            outputs = (line.get(kind) for line in lines)
            getattr(self, kind).update(
                output for output in outputs if isinstance(output, str)
            )


def _line(obj):
    return json.dumps(obj) + "\n"


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise InputError(
            f"`{path}` cannot be read: {error.strerror}."
        ) from error


def _parse_lines(text: str) -> Iterator[dict[str, Any]]:
    for text_line in text.splitlines():
        try:
            line = json.loads(text_line)
        except (RecursionError, ValueError):  # A kill cut it short.
            continue
        if isinstance(line, dict):
            yield line
