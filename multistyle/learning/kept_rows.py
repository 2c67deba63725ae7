"""Rows that were learned before, kept in the user's cache folder."""

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.files.cache import cache_folder
from multistyle.files.locks import try_lock
from multistyle.files.whole_files import whole_file
from multistyle.network.rows import Rows, name_tables, pair_tables

# Each takes about 16 kB; the one that was not used for the longest time goes
# first.
MAX_ROWS = 1000


def find_row(made_of: Mapping[str, object]) -> Rows | None:
    """Finds the row of a style that was learned before.

    Args:
        made_of: dict for JSON, all that decides what is learned.

    Returns:
        Dict layer name -> (gamma, beta), each float32 [1, C]; None where
        nothing whole is kept.
    """
    path = _path(made_of)
    try:
        with np.load(path) as arrays:
            rows = pair_tables({name: arrays[name] for name in arrays})
    except (EOFError, OSError, ValueError, zipfile.BadZipFile):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # So that what is in use stays.
    return rows


def keep_row(made_of: Mapping[str, object], row: Rows) -> None:
    """Keeps the row of a style; where nothing can be written, it does not.

    Args:
        made_of: see `find_row`.
        row: dict layer name -> (gamma, beta), each float32 [1, C].
    """
    path = _path(made_of)
    arrays: dict[str, Any] = dict(name_tables(row))
    with contextlib.suppress(InputError, OSError):
        with whole_file(path) as file:
            np.savez(file, **arrays)
        kept = sorted(path.parent.glob("*.npz"), key=_time_of_use)
        for old in kept[:-MAX_ROWS]:
            old.unlink(missing_ok=True)


@contextlib.contextmanager
def turn_to_learn(made_of: Mapping[str, object]) -> Iterator[None]:
    """Waits while another process learns the same, which it then keeps.

    Where there are no locks, it does not wait.

    Args:
        made_of: dict for JSON, all that decides what is learned.
    """
    path = _path(made_of).with_suffix(".lock")
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.callback(_remove, path)  # Windows wants it closed before.
            file = stack.enter_context(open(path, "a", encoding="utf-8"))
            try_lock(file, waits=True)
        yield


def _path(made_of: Mapping[str, object]) -> Path:
    text = json.dumps(made_of, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return cache_folder() / "rows" / f"{digest}.npz"


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _time_of_use(path: Path) -> float:
    return path.stat().st_mtime
