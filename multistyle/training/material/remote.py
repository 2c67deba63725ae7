"""Files that lie elsewhere, by fsspec: buckets, web servers, clusters."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.files.cache import cache_folder
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.formats import IMAGE_SUFFIXES
from multistyle.images.codecs.reading import read_image

MARK_OF_A_URL = "://"
SHARDS_FOLDER = "shards"
# A second try is what bridges a connection that broke.
NUM_TRIES = 3


class RemoteFile:
    """A file that fsspec reads.

    Args:
        url: as it was found, with its protocol.
        path: as the file system knows it.
        size: in bytes; 0 where the file system does not say.
        system: an `fsspec.AbstractFileSystem`.
    """

    def __init__(self, url: str, path: str, size: int, system: Any) -> None:
        self.url = url
        self.size = size
        self._path = path
        self._system = system

    def read(self) -> bytes:
        """Returns what the file holds.

        Raises:
            InputError: if it cannot be read, after a few tries.
        """
        for left in reversed(range(NUM_TRIES)):
            try:
                return self._system.cat_file(self._path)
            except FileNotFoundError as error:
                raise InputError(f"`{self.url}` is not there.") from error
            # What is raised is as many things as there are file systems.
            except Exception as error:
                if not left:
                    raise InputError(_failure(self.url, error)) from error
        raise AssertionError("unreachable")

    def fetch(self) -> Path:
        """Returns the path of a copy in the cache folder, made if need be.

        Raises:
            InputError: if it cannot be read.
        """
        key = hashlib.sha256(f"{self.url} {self.size}".encode()).hexdigest()
        name = self.url.rpartition("/")[2]
        path = cache_folder() / SHARDS_FOLDER / f"{key[:16]}-{name}"
        if not path.is_file():
            with whole_file(path) as file:
                try:
                    self._system.get_file(self._path, file.name)
                except Exception as error:
                    raise InputError(_failure(self.url, error)) from error
        return path


def find_remote_files(url: str) -> list[RemoteFile]:
    """Lists the files that a URL stands for, by name.

    Args:
        url: of a file, a folder, which is searched with its subfolders, or a
            glob, of any protocol that fsspec knows, as in "s3://bucket/*.jpg".

    Returns:
        List of `RemoteFile`; hidden ones are left out.

    Raises:
        InputError: if fsspec or what it needs for the protocol is not
            installed, or it finds nothing.
    """
    try:
        import fsspec
    except ImportError as error:
        raise InputError(
            f"`{url}` lies elsewhere: install fsspec, as by `pip install "
            "'multistyle[data]'`."
        ) from error
    try:
        system, path = fsspec.core.url_to_fs(url)
        if any(sign in path for sign in "*?["):
            found = system.glob(path, detail=True)
        else:
            found = system.find(path, detail=True)
    except Exception as error:
        raise InputError(_failure(url, error)) from error
    files = [
        RemoteFile(
            system.unstrip_protocol(name),
            name,
            int(facts.get("size") or 0),
            system,
        )
        for name, facts in sorted(found.items())
        if facts["type"] == "file"
        and not name.rpartition("/")[2].startswith(".")
    ]
    if not files:
        raise InputError(f"`{url}` matches no file.")
    return files


class RemotePhotographs:
    """Photographs that lie elsewhere, each read when it is needed.

    See `photographs.Photographs`.

    Args:
        urls: of pictures, folders or globs, see `find_remote_files`.

    Raises:
        InputError: if one of them holds no picture.
    """

    num_threads = 16

    def __init__(self, urls: Sequence[str]) -> None:
        self._files = []
        for url in urls:
            files = find_remote_files(url)
            if len(files) > 1:
                files = [f for f in files if _is_picture(f.url)]
            if not files:
                raise InputError(
                    f"`{url}` holds no picture ({', '.join(IMAGE_SUFFIXES)})."
                )
            self._files += files

    def __len__(self) -> int:
        return len(self._files)

    def digest(self) -> str:
        """Returns SHA-256 over the files' addresses and sizes."""
        digest = hashlib.sha256()
        for file in self._files:
            digest.update(f"{file.url}\n{file.size}\n".encode())
        return digest.hexdigest()

    def read(self, index: int, at_least: int) -> np.ndarray:
        file = self._files[index]
        data = file.read()
        try:
            return read_image(data, at_least=at_least)
        except InputError as error:
            raise InputError(f"`{file.url}`: {error}") from error


def _is_picture(url):
    return url.lower().endswith(tuple(IMAGE_SUFFIXES))


def _failure(url, error):
    reason = str(error).strip().split("\n")[0] or type(error).__name__
    return f"`{url}` cannot be read ({reason[:300]})."
