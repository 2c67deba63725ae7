"""Digests: a file known by what it holds."""

import hashlib
import os


def file_digest(path: str | os.PathLike) -> str:
    """Returns SHA-256 of a file's bytes as 64 hexadecimal digits.

    Raises:
        OSError: if it cannot be read.
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
