"""What a folder of outputs was begun with, and what of it is finished."""

import json
import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.json_files import parse_json
from multistyle.files.whole_files import cannot_write, whole_file

# The name that it has in most folders.
MANIFEST_FILE = "manifest.jsonl"


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
        unrecorded: options of before they were recorded; what a file lacks
            was begun with these.
        beside: paths of the manifests of others who write into the folder
            under the same options; what they say counts, too.

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
        unrecorded: Mapping[str, Any] | None = None,
        beside: Iterable[str | os.PathLike[str]] = (),
    ):
        self._path = expand_home(path)
        self._options = options
        self._unrecorded = unrecorded or {}
        self._is_new = overwrite or not os.path.isfile(self._path)
        self.started: set[str] = set()
        self.finished: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        if not overwrite:
            for other in beside:
                self._read(Path(other))
        if not self._is_new:
            self._read(self._path)

    def open(self) -> None:
        """Writes the options, or mends what a kill cut short.

        Raises:
            OutputError: if it cannot be written.
        """
        if self._is_new:
            self._is_new = False
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
            with open(
                self._path,
                "a",
                encoding="utf-8",
                newline="\n",
                opener=_open_existing,
            ) as file:
                file.write(text)
        except FileNotFoundError:
            self._write_anew()
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _write_anew(self):
        """Writes all that is known, where somebody removed the file."""
        started = [{"started": name} for name in self.started]
        finished = [
            {"finished": name, **made_of}
            for name, made_of in self.finished.items()
        ]
        with whole_file(self._path, "w") as file:
            for line in [{"options": self._options}, *started, *finished]:
                file.write(_line(line))

    def _read(self, path):
        try:
            lines = _parse_lines(path.read_bytes())
        except OSError as error:
            raise InputError(
                f"`{path}` cannot be read: {error.strerror}."
            ) from error
        before = _begun_with(lines)
        if before is None:
            raise InputError(
                f"`{path}` is not a manifest of multistyle: give another "
                "--output, or --overwrite."
            )
        before = {**self._unrecorded, **before}
        now = {**self._unrecorded, **self._options}
        differences = [
            f"`{name}` was {json.dumps(before.get(name))}, now "
            f"{json.dumps(now.get(name))}"
            for name in dict.fromkeys([*before, *now])
            if before.get(name) != now.get(name)
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


def recorded_options(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Returns the options that a manifest was begun with.

    Args:
        path: of the file.

    Returns:
        The dict, or None where there is no manifest that can be read.
    """
    try:
        return _begun_with(_parse_lines(expand_home(path).read_bytes()))
    except OSError:
        return None


def _open_existing(path: str, flags: int) -> int:
    return os.open(path, flags & ~os.O_CREAT)


def _begun_with(lines):
    options = lines[0].get("options") if lines else None
    return options if isinstance(options, dict) else None


def _line(obj):
    return json.dumps(obj) + "\n"


def _parse_lines(data):
    """Returns the objects of the lines that are whole."""
    lines = []
    for text_line in data.decode("utf-8", "replace").splitlines():
        try:
            line = parse_json(text_line)
        except ValueError:  # A kill cut it short, or it is not UTF-8.
            continue
        if isinstance(line, dict):
            lines.append(line)
    return lines
