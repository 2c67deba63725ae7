"""Recordings of what is painted live: begun and ended by a key."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import whole_file
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.encoding.work_folder import work_folder
from multistyle.video.material.film_source import PictureSource

DEFAULT_PATH = "camera.mp4"


class Recorder:
    """Records pictures into one film after another.

    It is used in a `with` block, after which each of them is whole.

    Args:
        path: of the first film; those after it are numbered, as camera_2.mp4.
        source: what the pictures are made from.
        codec, crf: see `find_format` and `FilmEncoder`.
        overwrite: whether a film at `path` may be replaced; no others are.
        say: told in lines of text what begins and ends.

    Attributes:
        paths: list of the films that are recorded, or begun.

    Raises:
        InputError: if no film can be written there, or none of a camera.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        source: PictureSource,
        *,
        codec: str | None = None,
        crf: int | None = None,
        overwrite: bool = False,
        say: Callable[[str], None],
    ):
        self.paths: list[Path] = []
        self._path = expand_home(path)
        self._source = source
        self._format = find_format(path, codec=codec, crf=crf)
        if not self._format.container.codecs:
            raise InputError("A camera is not recorded as GIF: use .mp4.")
        self._crf = crf
        self._overwrite = overwrite
        self._say = say
        self._stack = contextlib.ExitStack()
        self._encoder: FilmEncoder | None = None
        self._start = 0

    @property
    def is_on(self) -> bool:
        """Whether a film is being recorded."""
        return self._encoder is not None

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind in (None, KeyboardInterrupt):
            self.end()
        else:
            self._stack.__exit__(kind, error, trace)

    def begin(self) -> None:
        """Begins a film."""
        path = self._path if not self.paths else self._free_path()
        overwrite = self._overwrite and not self.paths
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(work_folder(path, overwrite=overwrite))
            file = stack.enter_context(whole_file(path, scratch=folder))
            self._encoder = stack.enter_context(
                FilmEncoder(
                    file.name, self._format, self._source, crf=self._crf
                )
            )
            self._stack = stack.pop_all()
        self._start = -1
        self.paths.append(path)
        self._say(f"Recording `{path}`.")

    def end(self) -> None:
        """Ends the film that is being recorded, if there is one."""
        if self._encoder is None:
            return
        self._encoder = None
        self._stack.close()
        self._say(f"Recorded `{self.paths[-1]}`.")

    def write(
        self, pixels: np.ndarray, time: int, alpha: np.ndarray | None = None
    ) -> None:
        """Adds a picture to the film that is being recorded, if there is one.

        Args:
            pixels: uint8 [H, W, 3], RGB.
            time: in the source's time base.
            alpha: what a camera does not have.
        """
        if self._encoder is None:
            return
        if self._start < 0:
            self._start = time
        self._encoder.write(pixels, time - self._start)

    def _free_path(self):
        number = 2
        while True:
            name = f"{self._path.stem}_{number}{self._path.suffix}"
            path = self._path.with_name(name)
            if not os.path.exists(path) and path not in self.paths:
                return path
            number += 1
