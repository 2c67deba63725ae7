"""Many photographs into a bucket, and going on after a stop."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.remote import fetch, find_remote, full_url, send
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.folder_run import FolderRun
from multistyle.inference.runs.runner import Runner
from multistyle.inference.runs.shard import Shard
from multistyle.inference.runs.work import Work

# The endings of what a run writes beside its outputs.
_BOOKS = (".json", ".jsonl")
# Seconds from one sending of it to the next: at least the first, and so many
# times what it takes.
_INTERVAL, _TIMES = 60, 20


class BucketRun(FolderRun):
    """Like a `FolderRun`, into the folder that a URL names.

    The manifest stays on this machine while the run lasts. It is sent before
    the first picture, each minute, and at the end: what was painted after the
    last time is painted again where this machine is lost.

    Args:
        composition, works, options, overwrite, runner, shard, num_others: see
            `FolderRun`.
        folder: URL of the folder to write into.

    Raises:
        InputError: as `FolderRun`, and if the bucket cannot be read.
    """

    def __init__(
        self,
        composition: Composition,
        works: Sequence[Work],
        folder: str,
        options: dict[str, Any],
        *,
        overwrite: bool = False,
        runner: Runner | None = None,
        shard: Shard | None = None,
        num_others: int = 0,
    ):
        self._url = full_url(folder)
        # Removed with this object.
        self._books = tempfile.TemporaryDirectory(prefix="multistyle-")
        self._there = {file.url for file in find_remote(f"{self._url}/")}
        self._sent: dict[str, int] = {}
        for url in self._there:
            name = self._below(url)
            if "/" not in name and name.endswith(_BOOKS):
                path = Path(self._books.name, name)
                fetch(url, path)
                self._sent[name] = path.stat().st_mtime_ns
        super().__init__(
            composition,
            works,
            self._books.name,
            options,
            overwrite=overwrite,
            runner=runner,
            shard=shard,
            num_others=num_others,
        )

    def _records(self):
        for work in self._works:
            if self._name(work) not in self._manifest.started:
                self._manifest.start(self._name(work))
        due = self._send_books()
        try:
            for record in super()._records():
                if time.monotonic() >= due:
                    due = self._send_books()
                yield record
        finally:
            self._send_books()

    def _begin(self, work):
        return work._replace(may_write=True)

    def _send_books(self):
        """Sends what has changed; returns when it is to be called again."""
        begun = time.monotonic()
        for path in Path(self._books.name).iterdir():
            changed = path.stat().st_mtime_ns
            if path.suffix in _BOOKS and changed != self._sent.get(path.name):
                send(path, f"{self._url}/{path.name}")
                self._sent[path.name] = changed
        took = time.monotonic() - begun
        return begun + max(_INTERVAL, _TIMES * took)

    def _below(self, url):
        return url[len(self._url) + 1 :]

    def _name(self, work):
        return self._below(work.output)

    def _stands(self, work):
        return work.output in self._there

    def _check(self, work, *, makes=True):
        if self._stands(work) and not self._may_write(work):
            raise InputError(
                f"`{work.output}` exists already: give another name, or "
                "--overwrite (`overwrite=True` in Python)."
            )
        here = Path(self._books.name, self._name(work))
        self._composition.check(here, makes=makes)
