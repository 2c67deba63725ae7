"""Content images: where photographs come from."""

import hashlib
import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from multistyle.errors import InputError
from multistyle.files.remote import is_remote
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images, split_spec
from multistyle.training.material.datasets import (
    DATASET_PREFIX,
    PhotographDataset,
)
from multistyle.training.material.records import (
    PhotographRecords,
    is_of_records,
)
from multistyle.training.material.remote import RemotePhotographs


class Photographs(Protocol):
    """Photographs that are read one by one, by number.

    Attributes:
        num_threads: how many batches are best made at a time; more where one
            has to wait for pictures.
    """

    num_threads: int

    def __len__(self) -> int: ...

    def digest(self) -> str:
        """Returns what tells these photographs from others, as text."""

    def read(self, index: int, at_least: int) -> np.ndarray:
        """Reads a photograph.

        Args:
            index: which.
            at_least: pixels that its short side must keep; it may be read at
                a reduced size that is larger.

        Returns:
            uint8 [H, W, 3], RGB.

        Raises:
            InputError: if it cannot be read.
        """


class PhotographFiles:
    """Photographs that are files; see `Photographs`.

    Args:
        spec: a folder (searched with its subfolders), a glob, or a list, see
            `images.finding.find_images`.

    Raises:
        InputError: if no file is found.
    """

    num_threads = 2

    def __init__(
        self, spec: str | os.PathLike | Sequence[str | os.PathLike]
    ) -> None:
        self.paths = find_images(spec)

    def __len__(self) -> int:
        return len(self.paths)

    def digest(self) -> str:
        """Returns SHA-256 over the files' names and sizes, in their order.

        Not over their bytes: they may be many gigabytes.
        """
        digest = hashlib.sha256()
        for path in self.paths:
            size = path.stat().st_size if path.exists() else 0
            digest.update(f"{path.name}\n{size}\n".encode("utf-8", "replace"))
        return digest.hexdigest()

    def read(self, index: int, at_least: int) -> np.ndarray:
        return read_image(self.paths[index], at_least=at_least)


def open_photographs(
    spec: str | os.PathLike | Sequence[str | os.PathLike],
) -> Photographs:
    """Opens content images and makes sure that one of them can be read.

    Args:
        spec: a folder, a glob, ArrayRecord files, a list of those, each also
            by URL, or "tfds:NAME[/SPLIT]".

    Returns:
        `PhotographFiles`, `RemotePhotographs`, `PhotographRecords` or
        `PhotographDataset`.

    Raises:
        InputError: if nothing is found or nothing can be read.
    """
    photographs = _open(spec)
    for index in range(len(photographs)):
        try:
            photographs.read(index, at_least=1)
            return photographs
        except InputError:
            continue
    raise InputError(
        f"None of the {len(photographs)} content images of `{spec}` can be "
        "read; give photographs in JPEG, PNG, WebP or another format of "
        "Pillow."
    )


def _open(spec: str | os.PathLike | Sequence[str | os.PathLike]) -> Photographs:
    if isinstance(spec, str) and spec.startswith(DATASET_PREFIX):
        return PhotographDataset(spec)
    pieces = split_spec(spec)
    for opened, is_meant in (
        (PhotographRecords, is_of_records),
        (RemotePhotographs, is_remote),
    ):
        others = [piece for piece in pieces if not is_meant(piece)]
        if len(others) < len(pieces):
            if others:
                raise InputError(
                    f"`{others[0]}` is of another kind than the other content "
                    "images: give ArrayRecord files, files by URL, or files "
                    "of this machine alone."
                )
            return opened(pieces)
    return PhotographFiles(spec)
