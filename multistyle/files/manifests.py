"""What a folder of outputs was begun with, and what of it is finished."""

import json
import threading

from multistyle.errors import InputError
from multistyle.files.whole_files import whole_file


class Manifest:
    """What a folder was begun with, and what of it is finished.

    One JSON object a line: first {"options": ...}, then {"started": name}
    before and {"finished": name} after each output. An output that was only
    started may be replaced; one without a line is somebody else's.

    Args:
        path: of the file.
        options: dict for JSON.
        overwrite: bool, whether to forget what the file holds.

    Raises:
        InputError: if the file holds other options, or is no manifest.
    """

    def __init__(self, path, options, overwrite=False):
        self._path = path
        self._options = options
        self._is_new = overwrite or not path.is_file()
        self.started = set()
        self.finished = set()
        self._lock = threading.Lock()
        if not self._is_new:
            self._read()

    def open(self):
        """Writes the options, or mends what a kill cut short."""
        if self._is_new:
            with whole_file(self._path, "w") as file:
                file.write(_line({"options": self._options}))
        elif not self._path.read_bytes().endswith(b"\n"):
            self._append("\n")

    def add(self, kind, name):
        """Adds an output to `started` or `finished`; threads may do so."""
        with self._lock:
            getattr(self, kind).add(name)
            self._append(_line({kind: name}))

    def _append(self, text):
        with open(self._path, "a", encoding="utf-8", newline="\n") as file:
            file.write(text)

    def _read(self):
        lines = list(_parse_lines(self._path.read_text("utf-8")))
        if not lines or "options" not in lines[0]:
            raise InputError(
                f"`{self._path}` is no manifest of multistyle: give another "
                "--output, or --overwrite."
            )
        before = lines[0]["options"]
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
            getattr(self, kind).update(
                line[kind] for line in lines if kind in line
            )


def _line(obj):
    return json.dumps(obj) + "\n"


def _parse_lines(text):
    for text_line in text.splitlines():
        try:
            line = json.loads(text_line)
        except ValueError:  # A kill cut it short.
            continue
        if isinstance(line, dict):
            yield line
