"""The part of a film that is finished, in a hidden folder beside it."""

import shutil
from pathlib import Path

import numpy as np

from multistyle.files.manifests import Manifest
from multistyle.files.whole_files import whole_file

SEGMENT_FRAMES = 48
MANIFEST_FILE = "manifest.jsonl"


class Segments:
    """Segments of a film, of `SEGMENT_FRAMES` frames each, the last maybe less.

    A segment is finished when its file is complete and beside it stands the
    state that the next frame depends on; then it is entered in the manifest.

    Args:
        output: path of the film to write.
        options: dict for JSON, all that decides how the film looks.
        overwrite: bool, whether to forget what is there.

    Attributes:
        folder: path of the hidden folder, which need not exist.

    Raises:
        InputError: if the folder was begun with other options; the
            differences are named.
    """

    def __init__(self, output, options, overwrite=False):
        output = Path(output)
        self.folder = output.with_name(f".{output.name}.segments")
        self._overwrite = overwrite
        self._manifest = Manifest(
            self.folder / MANIFEST_FILE, options, overwrite
        )

    def open(self):
        """Makes the folder ready to be written into."""
        if self._overwrite:
            self.remove()
        self._manifest.open()

    def __len__(self):
        """The number of finished segments."""
        return len(self._manifest.finished)

    def path(self, number):
        return self.folder / f"{number:05}.nut"

    def paths(self):
        """Returns the paths of the finished segments, in order."""
        return [self.path(number) for number in range(len(self))]

    def state(self):
        """Returns the state after the last one, a dict of arrays, or None."""
        if not len(self):
            return None
        with np.load(self._state_path(len(self) - 1)) as file:
            return dict(file)

    def finish(self, state):
        """Enters the next segment, whose file is complete.

        Args:
            state: dict name -> array.
        """
        number = len(self)
        with whole_file(self._state_path(number)) as file:
            np.savez(file, **state)
        self._manifest.add("finished", self.path(number).name)
        if number:
            self._state_path(number - 1).unlink(missing_ok=True)

    def remove(self):
        """Removes the folder and all in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _state_path(self, number):
        return self.path(number).with_suffix(".npz")
