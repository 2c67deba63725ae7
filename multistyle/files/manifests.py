"""What a folder of outputs was begun with, and what of it is finished."""

import json
import os
import threading
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import cannot_write, whole_file


class Manifest:
    """What a folder was begun with, and what of it is finished.

    One JSON object a line: first {"options": ...}, then {"started": name}
    before and {"finished": name, ...} after each output, with what is known of
    what it was made of. An output that was only started may be replaced; one
    without a line is somebody else's.

    Args:
        path: of the file.
        options: dict for JSON.
        overwrite: whether to forget what the file holds.

    Attributes:
        started: set of names.
        finished: dict name -> dict, what `finish` was told.

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
    ):
        self._path = expand_home(path)
        self._options = options
        self._is_new = overwrite or not self._path.is_file()
        self.started: set[str] = set()
        self.finished: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        if not self._is_new:
            self._read()

    def open(self) -> None:
        """Writes the options, or mends what a kill cut short.

        Raises:
            OutputError: if it cannot be written.
        """
        if self._is_new:
            with whole_file(self._path, "w") as file:
                file.write(_line({"options": self._options}))
        elif not self._path.read_bytes().endswith(b"\n"):
            self._append("\n")

    def start(self, name: str) -> None:
        """Says that an output is being made; threads may do so."""
        with self._lock:
            self.started.add(name)
            self._append(_line({"started": name}))

    def finish(self, name: str, made_of: dict[str, Any]) -> None:
        """Says that an output is whole; threads may do so.

        Args:
            name: of the output.
            made_of: dict for JSON.
        """
        with self._lock:
            self.finished[name] = made_of
            self._append(_line({"finished": name, **made_of}))

    def _append(self, text):
        try:
            with open(self._path, "a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _read(self):
        try:
            lines = _parse_lines(self._path.read_bytes())
        except OSError as error:
            raise InputError(
                f"`{self._path}` cannot be read: {error.strerror}."
            ) from error
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
        for line in lines:
            if isinstance(line.get("started"), str):
                self.started.add(line["started"])
            if isinstance(line.get("finished"), str):
                self.finished[line.pop("finished")] = line


def _line(obj):
    return json.dumps(obj) + "\n"


def _parse_lines(data):
    """Returns the objects of the lines that are whole."""
    lines = []
    for text_line in data.decode("utf-8", "replace").splitlines():
        try:
            line = json.loads(text_line)
        # A kill cut it short, or it is not UTF-8.
        except (RecursionError, ValueError):
            continue
        if isinstance(line, dict):
            lines.append(line)
    return lines
