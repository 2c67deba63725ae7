"""What is written into one file, beside which a folder stands meanwhile."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

from multistyle.errors import InputError
from multistyle.video.encoding.work_folder import work_folder
from multistyle.video.material.film_source import FilmSource, is_read_from


class SingleFile:
    """A file to write.

    Args:
        path: of the file.

    Attributes:
        path: the same.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def check_source(self, source: FilmSource) -> None:
        """Raises InputError if the file is one that the source is read from."""
        # `Path.exists` raises for a name that is too long.
        if os.path.exists(self.path) and is_read_from(source, [self.path]):
            read = "the film that is"
            if source.film is None:
                read = "one of the frames that are"
            raise InputError(
                f"`{self.path}` is {read} to be read: give another --output."
            )

    def reserve(
        self, *, overwrite: bool = False
    ) -> AbstractContextManager[Path]:
        """Makes the `work_folder`."""
        return work_folder(self.path, overwrite=overwrite)

    def drop(self, path: Path) -> None:
        """Removes what is there of a segment that was not finished."""
        path.unlink(missing_ok=True)
