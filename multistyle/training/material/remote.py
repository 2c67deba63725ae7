"""Photographs that lie elsewhere: in buckets, on web servers, on clusters."""

import hashlib
import time
from collections.abc import Sequence

import numpy as np

from multistyle.errors import InputError
from multistyle.files.remote import find_remote, read_remote
from multistyle.images.codecs.formats import IMAGE_SUFFIXES
from multistyle.images.codecs.reading import read_image

# Seconds before each further try, for a connection that broke, or a store that
# is asked too much by all who train.
PAUSES = (1.0, 5.0)


class RemotePhotographs:
    """Photographs that lie elsewhere, each read when it is needed.

    See `photographs.Photographs`.

    Args:
        urls: of pictures, folders or globs, see `files.remote.find_remote`.

    Raises:
        InputError: if one of them holds no picture.
    """

    num_threads = 16

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls: list[str] = []
        for url in urls:
            found = [file.url for file in find_remote(url)]
            if found != [url]:
                found = [u for u in found if _is_picture(u)]
            if not found:
                raise InputError(
                    f"`{url}` holds no picture ({', '.join(IMAGE_SUFFIXES)})."
                )
            self._urls += found

    def __len__(self) -> int:
        return len(self._urls)

    def digest(self) -> str:
        """Returns SHA-256 over the files' addresses."""
        return hashlib.sha256("\n".join(self._urls).encode()).hexdigest()

    def read(self, index: int, at_least: int) -> np.ndarray:
        url = self._urls[index]
        data = _read(url)
        try:
            return read_image(data, at_least=at_least)
        except InputError as error:
            raise InputError(f"`{url}`: {error}") from error


def _read(url):
    for pause in PAUSES:
        try:
            return read_remote(url)
        except InputError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise
        time.sleep(pause)
    return read_remote(url)


def _is_picture(url):
    return url.lower().endswith(tuple(IMAGE_SUFFIXES))
