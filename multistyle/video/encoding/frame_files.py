"""Numbered frames that are written, each a file of its own."""

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.files.manifests import MANIFEST_FILE
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.writing import encode_image
from multistyle.video.encoding.work_folder import work_folder
from multistyle.video.material.exr import SUFFIX as EXR
from multistyle.video.material.exr import encode_exr
from multistyle.video.material.film_source import FilmSource, is_read_from
from multistyle.video.material.numbered import NumberedName, name_numbers

# By suffix: whether there is transparency, and whether there are 16 bits.
_KINDS = {
    ".png": (True, True),
    ".tif": (True, True),
    ".tiff": (True, True),
    EXR: (True, True),
    ".jpg": (False, False),
    ".jpeg": (False, False),
}


class FrameFilesOutput:
    """Numbered frames to write: each appears when it is finished.

    Frames have the numbers of the frames that they are painted from, or begin
    at 1. What is stopped goes on from the last 48 that were finished.

    Args:
        path: as "out_%04d.png".

    Attributes:
        path: the same.
        is_deep: bool, whether pictures with 16 bits are written.
        suffix: str, see `FilmFile`.

    Raises:
        InputError: if frames are not written as that.
    """

    suffix = "frames"

    def __init__(self, path: Path):
        self.path = path
        self._name = NumberedName(path)
        self._kind = path.suffix.lower()
        if self._kind not in _KINDS:
            raise InputError(
                f"`{path}`: numbered frames are written as {', '.join(_KINDS)}."
            )
        self.is_deep = False
        self._started: list[Path] = []
        self._older: list[int] = []
        self._next = 0
        self._has_begun = False

    def fit(self, source: FilmSource) -> None:
        """Chooses 8 or 16 bits by what is written.

        Raises:
            InputError: if the frames would replace those that are read.
        """
        self.is_deep = source.is_deep and _KINDS[self._kind][1]
        self._first = source.first_number
        if is_read_from(source, self._name.paths()):
            raise InputError(
                f"`{self.path}` are the frames that are to be read: give "
                "another --output."
            )

    def losses(self, source: FilmSource) -> Iterator[str]:
        """Yields lines on what the files do not hold."""
        has_alpha, has_depth = _KINDS[self._kind]
        if source.has_alpha and not has_alpha:
            yield (
                f"`{self.path}`: a JPEG holds no transparency: it becomes "
                "white. A .png keeps it."
            )
        if source.is_deep and not has_depth:
            yield f"`{self.path}`: a JPEG has 8 bits: a .png keeps 16."

    @contextlib.contextmanager
    def reserve(self, *, overwrite: bool = False) -> Iterator[Path]:
        """Makes the `work_folder`.

        Raises:
            InputError: if frames are there that are not those of a run that
                was stopped.
        """
        with work_folder(self.path, overwrite=overwrite) as folder:
            self._older = self._name.numbers()
            is_ours = (folder / MANIFEST_FILE).is_file()
            if self._older and not overwrite and not is_ours:
                raise InputError(
                    f"`{self.path}` has frames already "
                    f"({name_numbers(self._older)}): give another name, or "
                    "--overwrite (`overwrite=True` in Python)."
                )
            yield folder

    @contextlib.contextmanager
    def encoder(
        self, path: Path, source: FilmSource, *, start: int = 0
    ) -> Iterator["FrameFilesOutput"]:
        """Yields what writes the frames of a segment.

        Args:
            path: of the segment; nothing stands there.
            source: what the pictures are made from.
            start: how many frames come before it.
        """
        self._next = self._first + start
        self._has_begun = True
        self._started = []
        yield self

    def write(
        self, pixels: np.ndarray, time: int, alpha: np.ndarray | None = None
    ) -> None:
        """Writes the next frame; see `FilmEncoder`."""
        if alpha is not None:
            pixels = np.dstack([pixels, alpha])
        path = self._name.of(self._next)
        if self._kind == EXR:
            encoded = encode_exr(pixels)
        else:
            encoded = encode_image(pixels, self._kind[1:])
        self._started.append(path)
        with whole_file(path) as file:
            file.write(encoded)
        self._next += 1

    def drop(self, path: Path) -> None:
        """Removes the frames of a segment that was not finished."""
        for started in self._started:
            started.unlink(missing_ok=True)

    def complete(
        self,
        segments: list[Path],
        source: FilmSource,
        *,
        folder: Path,
        note: Callable[[str], None],
        begin: Fraction | None = None,
        end: Fraction | None = None,
    ) -> None:
        """Names frames of an earlier film that are still there."""
        self._started = []
        if not self._has_begun:  # All was finished before.
            return
        stay = [
            number
            for number in self._older
            if not self._first <= number < self._next
        ]
        if stay:
            note(
                f"`{self.path}` has frames of an earlier film, which stay: "
                f"{name_numbers(stay)}."
            )
