"""The part of a film that is finished: segments in a folder."""

from pathlib import Path
from typing import Any, cast

import numpy as np

from multistyle.files.manifests import MANIFEST_FILE, Manifest
from multistyle.files.whole_files import whole_file
from multistyle.inference.runs.stopped_runs import UNRECORDED
from multistyle.video.encoding.work_folder import clear

SEGMENT_FRAMES = 48


class Segments:
    """Segments of a film, of `SEGMENT_FRAMES` frames each, the last maybe less.

    A segment is finished when its file is complete and beside it stands the
    state that the next frame depends on; then it is entered in the manifest.

    Args:
        folder: the `work_folder` of the film to write.
        options: dict for JSON, all that decides how the film looks.
        overwrite: whether to forget what is there.
        container: what holds a segment, see `FilmFormat`.

    Raises:
        InputError: if the folder was begun with other options; the
            differences are named.
    """

    def __init__(
        self,
        folder: Path,
        options: dict,
        *,
        overwrite: bool = False,
        container: str = "nut",
    ):
        self._folder = folder
        self._container = container
        path = folder / MANIFEST_FILE
        self._manifest = Manifest(
            path, options, overwrite=overwrite, unrecorded=UNRECORDED
        )
        if not self._manifest.finished:
            clear(folder)
            self._manifest = Manifest(path, options)
        self._manifest.open()

    def __len__(self):
        """The number of finished segments."""
        return len(self._manifest.finished)

    def path(self, number: int) -> Path:
        """Returns the path of a segment, by its number from 0."""
        return self._folder / f"{number:05}.{self._container}"

    def paths(self) -> list[Path]:
        """Returns the paths of the finished segments, in order."""
        return [self._folder / name for name in self._manifest.finished]

    def state(self) -> dict[str, np.ndarray] | None:
        """Returns the state after the last finished segment, or None."""
        if not len(self):
            return None
        with np.load(self._state_path(len(self) - 1)) as file:
            return dict(file)

    def finish(self, state: dict[str, np.ndarray]) -> None:
        """Enters the next segment, whose file is complete.

        Args:
            state: what the frame after it depends on.
        """
        number = len(self)
        with whole_file(self._state_path(number)) as file:
            np.savez(file, **cast(Any, state))
        self._manifest.finish(self.path(number).name, {})
        if number:
            self._state_path(number - 1).unlink(missing_ok=True)

    def _state_path(self, number):
        return self.path(number).with_suffix(".npz")
