"""Photographs in ArrayRecord files, of which any record is read at once."""

import bisect
import glob
import hashlib
import itertools
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.files.cache import cache_folder
from multistyle.files.homes import expand_home
from multistyle.files.remote import (
    describe_remote,
    fetch,
    find_remote,
    is_remote,
)
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.reading import read_image

SHARDS_FOLDER = "shards"
# In the names of shards: photographs.array_record-00003-of-00100.
MARKS = (".array_record", ".arrayrecord")
# Records are looked up one by one, so nothing is read ahead.
OPTIONS = "readahead_buffer_size:0,max_parallelism:0"


def is_of_records(spec: str) -> bool:
    """Returns whether a path, glob or URL names ArrayRecord files."""
    name = spec.replace(os.sep, "/").rpartition("/")[2]
    return any(mark in name for mark in MARKS)


class PhotographRecords:
    """Photographs that are records of sharded ArrayRecord files.

    Each record is the bytes of a picture in a file's format: JPEG, PNG, WebP
    and so on. Shards of one set come in the order of their names. What lies
    elsewhere is copied to the cache folder first. See
    `photographs.Photographs`.

    Args:
        specs: paths, globs and URLs of shards.

    Raises:
        InputError: if nothing is found, a shard is damaged, or array_record
            is not installed.

    Example:

        photographs = PhotographRecords(["photographs.array_record-*"])
        photographs.read(0, at_least=192).shape  # (480, 640, 3)
    """

    num_threads = 4

    def __init__(self, specs: Sequence[str]) -> None:
        try:
            from array_record.python import array_record_module
        except ImportError as error:
            raise InputError(
                f"`{specs[0]}` is of ArrayRecord: install array_record, as by "
                "`pip install 'multistyle[data]'`."
            ) from error
        self._names: list[str] = []
        self._readers: list[Any] = []
        self._locks: list[threading.Lock] = []
        for name, path in _find_shards(specs):
            reader = array_record_module.ArrayRecordReader(
                str(path), options=OPTIONS, file_reader_buffer_size=32768
            )
            # A damaged one has no records, and says nothing.
            if not reader.ok():
                raise InputError(
                    f"`{name}` is no whole ArrayRecord file: write it anew, "
                    "or leave it out."
                )
            if reader.num_records():
                self._names.append(name)
                self._readers.append(reader)
                self._locks.append(threading.Lock())
        self._ends = list(
            itertools.accumulate(r.num_records() for r in self._readers)
        )

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def digest(self) -> str:
        """Returns SHA-256 over the names of the shards and their lengths."""
        digest = hashlib.sha256()
        for name, end in zip(self._names, self._ends, strict=True):
            digest.update(f"{name.rpartition('/')[2]}\n{end}\n".encode())
        return digest.hexdigest()

    def read(self, index: int, at_least: int) -> np.ndarray:
        shard = bisect.bisect_right(self._ends, index)
        place = index - (self._ends[shard - 1] if shard else 0)
        try:
            with self._locks[shard]:
                (record,) = self._readers[shard].read([place])
            return read_image(record, at_least=at_least)
        # The reader raises another one where the file is damaged.
        except Exception as error:
            raise InputError(
                f"Record {place} of `{self._names[shard]}` is no picture."
            ) from error


def _find_shards(specs: Sequence[str]) -> list[tuple[str, Path]]:
    """Returns (name to say, path) of each shard."""
    shards = []
    for spec in specs:
        if is_remote(spec):
            found = [(f.url, _copy(f.url)) for f in find_remote(spec)]
        else:
            path = expand_home(spec)
            paths = [path] if os.path.isfile(path) else _matching(path)
            found = [(str(path), path) for path in paths]
        if not found:
            raise InputError(f"`{spec}` matches no file.")
        shards += found
    return shards


def _copy(url: str) -> Path:
    """Returns the path of a copy in the cache folder, made if need be."""
    version = f"{url} {describe_remote(url)}"
    key = hashlib.sha256(version.encode()).hexdigest()[:16]
    name = url.rpartition("/")[2]
    path = cache_folder() / SHARDS_FOLDER / f"{key}-{name}"
    if not os.path.isfile(path):
        with whole_file(path) as file:
            fetch(url, file.name)
    return path


def _matching(pattern: Path) -> list[Path]:
    found = glob.iglob(str(pattern))
    return sorted(Path(path) for path in found if os.path.isfile(path))
