"""`~`, the user's home folder, wherever a path is given."""

import os
from pathlib import Path


def expand_home(path: str | os.PathLike[str]) -> Path:
    """Returns a path whose leading `~` or `~user` is that home folder.

    A user whom the system does not know stays as written.
    """
    return Path(os.path.expanduser(os.fspath(path)))
