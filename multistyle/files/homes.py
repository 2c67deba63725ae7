"""Home folders: the user's, `~`, wherever a path is given, and Keras'."""

import os
from pathlib import Path


def expand_home(path: str | os.PathLike[str]) -> Path:
    """Returns a path whose leading `~` or `~user` is that home folder.

    A user whom the system does not know stays as written.
    """
    return Path(os.path.expanduser(os.fspath(path)))


def keras_home() -> Path:
    """Returns where Keras keeps its settings and what it downloads."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
