"""Many photographs: where each output goes, and going on after a stop."""

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent import futures
from pathlib import Path
from typing import Any

from multistyle.errors import InputError, OutputError
from multistyle.files.digests import file_digest
from multistyle.files.homes import expand_home
from multistyle.files.manifests import Manifest
from multistyle.images.codecs.formats import writable_name
from multistyle.images.codecs.sources import (
    Source,
    hold,
    source_name,
    warn_of_label,
)
from multistyle.images.finding import search_images
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.stopped_runs import UNRECORDED

MANIFEST_FILE = "manifest.jsonl"


class FolderRun:
    """Makes a composition of each of many photographs, into one folder.

    The outputs stand under the folder as the photographs stand under the
    deepest folder that holds them all. A manifest keeps the options and what
    is finished: the same run, again, goes on where it stopped. A photograph
    that was edited since is painted anew; it is known by its content.

    All that can be wrong, but for the photographs themselves, is found on
    construction, before anything is written.

    Args:
        composition: a `Composition`.
        specs: list of what `find_images` takes.
        folder: path of the folder to write into; it is made.
        options: dict for JSON, all that decides how the outputs look.
        overwrite: bool, whether to start anew, over what is there.
        jobs: int, how many photographs are painted at a time, by threads that
            share the network.
        subfolder: None, or the name of a folder in `folder` to write into in
            its place; nothing in `folder` counts as a photograph.

    Attributes:
        outputs: dict path of the photograph -> path of its output.
        num_others: how many files beside the photographs are of other kinds.

    Raises:
        InputError: if there is no photograph; if the folder was begun with
            other options (the differences are named); if an output stands
            there that is not of this run; if one would replace a photograph.
    """

    def __init__(
        self,
        composition: Composition,
        specs: Sequence[str | os.PathLike[str]],
        folder: str | os.PathLike[str],
        options: dict[str, Any],
        overwrite: bool = False,
        jobs: int = 1,
        subfolder: str | None = None,
    ):
        self._composition = composition
        self._jobs = jobs
        self._overwrite = overwrite
        whole = expand_home(folder)
        self._folder = whole / subfolder if subfolder else whole
        self.outputs, self.num_others = map_outputs(
            specs, self._folder, except_in=whole
        )
        self._manifest = Manifest(
            self._folder / MANIFEST_FILE,
            options,
            overwrite=overwrite,
            unrecorded=UNRECORDED,
        )
        sources = [*self.outputs, *composition.sources()]
        check_apart(sources, self.outputs.values())
        for output in self.outputs.values():
            composition.check(output, self._may_write(output))

    def __len__(self):
        return len(self.outputs)

    def records(self) -> Iterator[dict[str, Any]]:
        """Makes the outputs, in order; with several jobs, as they are done.

        Yields:
            A dict for each photograph, see `make`; its "status" may also
            be "kept", of an output that was finished before.
        """
        self._manifest.open()
        if self._jobs == 1:
            for photograph, output in self.outputs.items():
                yield self._record(photograph, output)
            return
        workers = futures.ThreadPoolExecutor(self._jobs)
        try:
            records = [
                workers.submit(self._record, photograph, output)
                for photograph, output in self.outputs.items()
            ]
            for record in futures.as_completed(records):
                yield record.result()
        finally:
            # What is being painted is finished; nothing more is begun.
            workers.shutdown(cancel_futures=True)

    def _record(self, photograph, output):
        name = self._name(output)
        if self._is_kept(photograph, output):
            return _record(photograph, output, "kept")
        may_write = self._may_write(output)
        self._manifest.start(name)
        try:
            made_of = _describe(photograph)
        except OSError:  # The painting says why.
            made_of = {}
        record = make(self._composition, photograph, output, may_write)
        if record["status"] == "painted":
            self._manifest.finish(name, made_of)
        return record

    def _is_kept(self, photograph, output):
        """Whether an output was made of what the photograph holds now."""
        made_of = self._manifest.finished.get(self._name(output))
        if made_of is None or not output.exists():
            return False
        try:
            status = os.stat(photograph)
            times = [status.st_size, status.st_mtime_ns]
            return (
                # A run of version 0.1 did not say what it was made of.
                "sha256" not in made_of
                or times == [made_of.get("size"), made_of.get("mtime_ns")]
                or made_of["sha256"] == file_digest(photograph)
            )
        except OSError:  # It is gone, and its painting is there.
            return True

    def _name(self, output):
        return output.relative_to(self._folder).as_posix()

    def _may_write(self, output):
        """Whether a file there is of this run, or may be replaced."""
        return self._overwrite or self._name(output) in self._manifest.started


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
        return _record(photograph, output, "failed") | {"error": str(error)}
    seconds = round(time.perf_counter() - start, 3)
    return _record(photograph, output, "painted") | {"seconds": seconds}


def map_outputs(
    specs: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    except_in: str | os.PathLike[str] | None = None,
) -> tuple[dict[Path, Path], int]:
    """Gives each photograph a place in a tree like its own.

    Where `except_in` lies in a folder that is searched, what it holds is no
    photograph. A format that cannot be written becomes PNG.

    Args:
        specs: list of what `find_images` takes.
        folder: path of the folder for the outputs.
        except_in: path of a folder of outputs; None is `folder`.

    Returns:
        Dict path of the photograph -> path of its output, in order; and how
        many files of other kinds lie beside the photographs.

    Raises:
        InputError: if there is no photograph, or no folder that holds all, or
            if two would have one output.
    """
    photographs: dict[str, Path] = {}
    roots = []
    num_others = 0
    for spec in specs:
        path = expand_home(spec)
        tree = os.path.abspath(path) if path.is_dir() else None
        found = search_images(spec, except_in=except_in or folder)
        num_others += found.num_others
        for path in found.pictures:
            full = os.path.abspath(path)
            photographs.setdefault(full, path)
            roots.append(tree or os.path.dirname(full))
    try:
        root = os.path.commonpath(roots)
    except ValueError as error:
        raise InputError(
            "The photographs lie on different drives: give those of one."
        ) from error
    outputs = {
        path: Path(folder, writable_name(os.path.relpath(full, root)))
        for full, path in photographs.items()
    }
    _check_distinct(outputs)
    return outputs, num_others


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


def _check_distinct(outputs):
    owners = {}
    for photograph, output in outputs.items():
        owner = owners.setdefault(output, photograph)
        if owner != photograph:
            raise InputError(
                f"`{owner}` and `{photograph}` would both be written to "
                f"`{output}`: paint them by two commands."
            )


def check_apart(
    sources: Iterable[Any], outputs: Iterable[str | os.PathLike[str]]
) -> None:
    """Raises InputError if an output would land on what is read."""
    by_identity = {_identity(path): path for path in sources}
    for output in outputs:
        if os.path.exists(output) and _identity(output) in by_identity:
            raise InputError(
                f"`{output}` is a picture that is to be read: give another "
                "--output."
            )


def _identity(path):
    # Of the file itself: links and the case of letters do not matter. Of
    # standard input, the file that is read from. What is missing has none.
    try:
        status = os.stat(getattr(path, "origin", path))
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _record(photograph, output, status):
    return {
        "input": source_name(photograph),
        "output": str(output),
        "status": status,
    }
