"""Many photographs: where each output goes, and going on after a stop."""

import json
import os
import time
from pathlib import Path

from multistyle.errors import InputError
from multistyle.images.files import whole_file
from multistyle.images.pictures import FORMATS, find_images

MANIFEST_FILE = "manifest.jsonl"


class FolderRun:
    """Makes a composition of each of many photographs, into one folder.

    The outputs stand under the folder as the photographs stand under the
    deepest folder that holds them all. A manifest keeps the options and what
    is finished: the same run, again, goes on where it stopped.

    All that can be wrong, but for the photographs themselves, is found on
    construction, before anything is written.

    Args:
        composition: a `Composition`.
        specs: list of what `find_images` takes.
        folder: path of the folder to write into; it is made.
        options: dict for JSON, all that decides how the outputs look.
        overwrite: bool, whether to start anew, over what is there.

    Raises:
        InputError: if there is no photograph; if the folder was begun with
            other options (the differences are named); if an output stands
            there that is not of this run; if one would replace a photograph.
    """

    def __init__(self, composition, specs, folder, options, overwrite=False):
        self._composition = composition
        self._overwrite = overwrite
        self._folder = Path(folder)
        self.outputs = map_outputs(specs, self._folder)
        self._manifest = Manifest(
            self._folder / MANIFEST_FILE, options, overwrite
        )
        sources = [*self.outputs, *composition.sources()]
        check_apart(sources, self.outputs.values())
        for output in self.outputs.values():
            composition.check(output, self._may_write(output))

    def __len__(self):
        return len(self.outputs)

    def records(self):
        """Makes the outputs, one after another.

        Yields:
            A dict for each photograph, as of `make`; its "status" may also
            be "kept", of an output that was finished before.
        """
        self._manifest.open()
        for photograph, output in self.outputs.items():
            name = self._name(output)
            if name in self._manifest.finished and output.exists():
                yield _record(photograph, output, "kept")
                continue
            self._manifest.add("started", name)
            record = make(
                self._composition, photograph, output, self._may_write(output)
            )
            if record["status"] == "painted":
                self._manifest.add("finished", name)
            yield record

    def _name(self, output):
        return output.relative_to(self._folder).as_posix()

    def _may_write(self, output):
        """Whether a file there is of this run, or may be replaced."""
        return self._overwrite or self._name(output) in self._manifest.started


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
        """Adds an output to `started` or `finished`."""
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


def make(composition, photograph, output, overwrite=False):
    """Makes the composition of one photograph and says how it went.

    Args:
        composition: a `Composition`.
        photograph: path of a picture.
        output: path to write.
        overwrite: bool, whether a file there may be replaced.

    Returns:
        Dict for JSON: "input", "output", "status" ("painted" or "failed"),
        then "seconds", or "error" with what is wrong with the photograph.
    """
    start = time.perf_counter()
    try:
        composition.write(photograph, output, overwrite)
    except InputError as error:
        return _record(photograph, output, "failed", error=str(error))
    seconds = round(time.perf_counter() - start, 3)
    return _record(photograph, output, "painted", seconds=seconds)


def map_outputs(specs, folder):
    """Gives each photograph a place in a tree like its own.

    Where `folder` lies in a folder that is searched, what it holds is no
    photograph. A format that cannot be written becomes PNG.

    Args:
        specs: list of what `find_images` takes.
        folder: path of the folder for the outputs.

    Returns:
        Dict path of the photograph -> path of its output, in order.

    Raises:
        InputError: if there is no photograph, or no folder that holds all.
    """
    own = os.path.abspath(folder)
    photographs = {}
    roots = []
    for spec in specs:
        tree = os.path.abspath(spec) if os.path.isdir(spec) else None
        has_own = tree and _is_inside(own, tree)
        for path in find_images(spec):
            full = os.path.abspath(path)
            if not (has_own and _is_inside(full, own)):
                photographs.setdefault(full, path)
                roots.append(tree or os.path.dirname(full))
    if not photographs:
        raise InputError(
            f"There is no photograph but in `{folder}`, the --output itself."
        )
    try:
        root = os.path.commonpath(roots)
    except ValueError as error:
        raise InputError(
            "The photographs lie on different drives: give those of one."
        ) from error
    return {
        path: Path(folder, output_name(os.path.relpath(full, root)))
        for full, path in photographs.items()
    }


def output_name(photograph):
    """Returns a photograph's name, with .png if it cannot be written as is."""
    if Path(photograph).suffix.lower() in FORMATS:
        return str(photograph)
    return f"{photograph}.png"


def check_apart(sources, outputs):
    """Raises InputError if an output would land on what is read."""
    by_identity = {_identity(path): path for path in sources}
    for output in outputs:
        if os.path.exists(output) and _identity(output) in by_identity:
            raise InputError(
                f"`{output}` is a picture that is to be read: give another "
                "--output."
            )


def _identity(path):
    # Of the file itself: links and the case of letters do not matter.
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _is_inside(path, folder):
    return path != folder and Path(path).is_relative_to(folder)


def _record(photograph, output, status, **more):
    return {
        "input": str(photograph),
        "output": str(output),
        "status": status,
        **more,
    }


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
