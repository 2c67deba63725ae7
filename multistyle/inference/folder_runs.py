"""Many photographs: where each output goes, and going on after a stop."""

import os
import stat
import time
from collections.abc import Iterator, Sequence
from concurrent import futures
from pathlib import Path
from typing import Any, NamedTuple

from multistyle.errors import InputError, OutputError
from multistyle.files.digests import file_digest
from multistyle.files.homes import expand_home
from multistyle.files.manifests import Manifest
from multistyle.images.codecs.sources import (
    Source,
    hold,
    source_name,
    warn_of_label,
)
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.output_tree import check_apart, map_outputs
from multistyle.inference.stopped_runs import UNRECORDED

MANIFEST_FILE = "manifest.jsonl"
# What a composition may record of one photograph; see `of_content`.
_FACTS = ("copy", "style_weights")


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
        outputs: list of the paths of the outputs.
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
        outputs, self.num_others = map_outputs(
            specs, self._folder, except_in=whole
        )
        self._works = list(_works(outputs, composition.copies))
        self.outputs = [work.output for work in self._works]
        self._manifest = Manifest(
            self._folder / MANIFEST_FILE,
            options,
            overwrite=overwrite,
            unrecorded=UNRECORDED,
        )
        sources = [*outputs, *composition.sources()]
        check_apart(sources, self.outputs)
        for output in self.outputs:
            composition.check(output, self._may_write(output))

    def __len__(self):
        return len(self._works)

    def records(self) -> Iterator[dict[str, Any]]:
        """Makes the outputs, in order; with several jobs, as they are done.

        Yields:
            A dict for each photograph, see `make`; its "status" may also
            be "kept", of an output that was finished before.
        """
        self._manifest.open()
        if self._jobs == 1:
            yield from map(self._record, self._works)
            return
        workers = futures.ThreadPoolExecutor(self._jobs)
        try:
            records = [
                workers.submit(self._record, work) for work in self._works
            ]
            for record in futures.as_completed(records):
                yield record.result()
        finally:
            # What is being painted is finished; nothing more is begun.
            workers.shutdown(cancel_futures=True)

    def _record(self, work):
        photograph, output, copy = work
        name = self._name(output)
        if self._is_kept(photograph, output):
            made_of = self._manifest.finished[name]
            facts = {key: made_of[key] for key in _FACTS if key in made_of}
            return _record(photograph, output, "kept") | facts
        may_write = self._may_write(output)
        self._manifest.start(name)
        try:
            made_of = _describe(photograph)
        except OSError:  # The painting says why.
            made_of = {}
        try:
            composition, facts = self._composition.of_content(
                photograph, made_of.get("sha256"), copy
            )
        except InputError as error:
            failed = _record(photograph, output, "failed")
            return failed | {"error": str(error)}
        record = make(composition, photograph, output, may_write)
        if record["status"] == "painted":
            self._manifest.finish(name, made_of | facts)
        return record | facts

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


class _Work(NamedTuple):
    """What is to be made of a photograph: maybe one of several copies."""

    photograph: Path
    output: Path
    copy: int | None


def _works(outputs, copies):
    """Yields a `_Work` for each output, or for each copy, numbered."""
    for photograph, output in outputs.items():
        if copies is None:
            yield _Work(photograph, output, None)
            continue
        for copy in range(1, copies + 1):
            name = f"{output.stem}_{copy}{output.suffix}"
            yield _Work(photograph, output.with_name(name), copy)


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


def _record(photograph, output, status):
    return {
        "input": source_name(photograph),
        "output": str(output),
        "status": status,
    }
