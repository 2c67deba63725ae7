"""Remote files: what a URL such as `s3://bucket/a.jpg` names, by fsspec."""

import contextlib
import os
import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from multistyle.errors import InputError, OutputError
from multistyle.files.temporaries import temporary_name

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
# What stands in a glob's place for what is not known.
_MAGIC = re.compile(r"[*?\[]")
# Where a file that is sent appears whole, or not at all.
_BUCKETS = {"abfs", "az", "gcs", "gs", "memory", "oss", "s3", "s3a"}
# By which of its facts a changed file is known, as the stores name them.
_VERSIONS = ("ETag", "etag", "LastModified", "mtime", "updated", "created")


class RemoteFile(NamedTuple):
    """A file that was found.

    Attributes:
        name: below the folder that was searched, with `/` between folders.
        url: its own.
    """

    name: str
    url: str


def is_remote(path: Any) -> bool:
    """Whether a path is a URL; a drive's letter is none."""
    return isinstance(path, str) and bool(_SCHEME.match(path))


def full_url(url: str) -> str:
    """Returns a URL as `find_remote` writes it, without a slash at its end.

    Raises:
        InputError: if nothing here can read such URLs.
    """
    with _named(url, "read") as (system, path):
        return str(system.unstrip_protocol(path)).rstrip("/")


def find_remote(url: str) -> list[RemoteFile]:
    """Lists the files under a folder, those that fit a glob, or the one file.

    Hidden ones, and those in hidden folders, are left out.

    Args:
        url: of a folder, a glob, or a file.

    Raises:
        InputError: if it cannot be searched.
    """
    with _named(url, "read") as (system, path):
        magic = _MAGIC.search(path)
        if magic:
            root = path[: magic.start()].rpartition("/")[0]
            matching = system.glob(path, detail=True).items()
            found = [p for p, facts in matching if facts["type"] == "file"]
        elif system.isdir(path):
            root = path.rstrip("/")
            found = system.find(path)
        else:
            root = posixpath.dirname(path)
            found = [path] if system.exists(path) else []
        files = []
        for file in sorted(found):
            name = posixpath.relpath(file, root or "/" * file.startswith("/"))
            if not any(part.startswith(".") for part in name.split("/")):
                files.append(RemoteFile(name, system.unstrip_protocol(file)))
    return files


def describe_remote(url: str) -> dict[str, Any]:
    """Returns what tells a file from a changed one, a dict for JSON.

    Raises:
        InputError: if it is not there.
    """
    with _named(url, "read") as (system, path):
        facts = system.info(path)
    version = [str(facts[key]) for key in _VERSIONS if facts.get(key)]
    return {"size": facts.get("size"), "version": "".join(version[:1])}


def read_remote(url: str) -> bytes:
    """Returns what a file holds.

    Raises:
        InputError: if it cannot be read.
    """
    with _named(url, "read") as (system, path):
        return system.cat_file(path)


def fetch(url: str, path: str | os.PathLike[str]) -> None:
    """Copies a remote file to a path of this machine.

    Raises:
        InputError: if it cannot be read.
    """
    with _named(url, "read") as (system, remote_path):
        system.get_file(remote_path, os.fspath(path))


def send(path: str | os.PathLike[str], url: str) -> None:
    """Copies a file of this machine to where a URL says, whole or not at all.

    Raises:
        OutputError: if it cannot be written.
    """
    with _named(url, "written") as (system, remote_path):
        folder, name = posixpath.split(remote_path)
        protocols = system.protocol
        protocols = {protocols} if isinstance(protocols, str) else protocols
        if _BUCKETS.intersection(protocols):
            system.put_file(os.fspath(path), remote_path)
            return
        system.makedirs(folder, exist_ok=True)
        hidden = f"{folder}/{temporary_name(name)}"
        try:
            system.put_file(os.fspath(path), hidden)
            system.mv(hidden, remote_path)
        except BaseException:
            # Where it is not there, or not to be reached, this error counts.
            with contextlib.suppress(Exception):
                system.rm_file(hidden)
            raise


@contextlib.contextmanager
def _named(url: str, what: str) -> Iterator[tuple[Any, str]]:
    """Opens a URL's store; whatever goes wrong with it becomes one line."""
    kind = InputError if what == "read" else OutputError
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(
            f"`{url}` needs another package: pip install fsspec."
        ) from error
    try:
        yield url_to_fs(url)
    except FileNotFoundError as error:
        raise kind(f"`{url}` does not exist.") from error
    # Each store has errors of its own.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise kind(f"`{url}` cannot be {what}: {reason}.") from error
