"""The hidden folder beside a film that is being written."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.locks import LOCK_FILE, locked
from multistyle.files.outputs import check_output_path
from multistyle.files.temporaries import remove_leftovers

# What the finished film is known by, where the process was killed before the
# folder was emptied.
SIGNATURE_FILE = "signature.json"


@contextlib.contextmanager
def work_folder(
    output: str | os.PathLike, *, overwrite: bool = False
) -> Iterator[Path]:
    """Makes the folder, which no other process gets meanwhile.

    Entering tries the output: whether a film can be written there is known
    before it is painted. What a killed process left half written is removed;
    what else is in the folder stays, for the next run. An empty one goes.

    Args:
        output: path of the film that is being written; missing folders on the
            way are made, and a symbolic link is followed.
        overwrite: whether a film that is there may be replaced.

    Yields:
        Path of the folder, on the disk of the output.

    Raises:
        InputError: if the output is there or cannot be written, or if another
            process writes it.
    """
    target = Path(os.path.realpath(output))
    folder = target.with_name(f".{target.name}.segments")
    doing = f"writes `{output}`: wait for it, or give another --output."
    overwrite = overwrite or _is_signed(folder, target)
    lock = contextlib.ExitStack()
    try:
        if target.is_dir():
            raise InputError(
                f"`{output}` is a folder: give the name of a film."
            )
        check_output_path(output, overwrite=overwrite)
        folder.mkdir(parents=True, exist_ok=True)
        lock.enter_context(locked(folder / LOCK_FILE, doing))
    except OSError as error:
        raise InputError(
            f"`{output}` cannot be written: {error.strerror}. Give another "
            "--output."
        ) from error
    with lock:
        # The other process may have finished it in between.
        check_output_path(output, overwrite=overwrite)
        remove_leftovers(folder)
        try:
            yield folder
        finally:
            _remove_empty(folder)
    # Windows keeps the lock's file until now.
    _remove_empty(folder)


def sign(folder: Path, file: str | os.PathLike) -> None:
    """Says that a file, which is to be renamed, is made of what is there.

    If the process is killed then, the same again may replace it.
    """
    signature = folder / SIGNATURE_FILE
    signature.write_text(json.dumps(_signature(file)), "utf-8")


def _is_signed(folder, target):
    try:
        signed = json.loads((folder / SIGNATURE_FILE).read_text("utf-8"))
        return signed == _signature(target)
    except (OSError, ValueError):
        return False


def _signature(file):
    facts = os.stat(file)
    return {"inode": facts.st_ino, "bytes": facts.st_size}


def clear(folder: Path) -> None:
    """Removes what is in a `work_folder`; the lock stays."""
    if not folder.is_dir():  # Somebody removed it.
        return
    for path in sorted(
        folder.iterdir(), key=lambda path: path.name == SIGNATURE_FILE
    ):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK_FILE:
            path.unlink(missing_ok=True)


def _remove_empty(folder):
    with contextlib.suppress(OSError):
        if all(path.name == LOCK_FILE for path in folder.iterdir()):
            (folder / LOCK_FILE).unlink(missing_ok=True)
            folder.rmdir()
