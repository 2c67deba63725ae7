"""Text files of a user's: what they say, or one line of what is wrong."""

import os
import stat
from pathlib import Path

from multistyle.errors import InputError

# A list of blends for a million photographs has 200 MB.
MAX_BYTES = 1_000_000_000


def read_text(path: Path, noun: str) -> str:
    """Reads a text file, which may come from anyone.

    Args:
        path: of an ordinary file; of a pipe nobody knows where it ends.
        noun: what messages call the file, such as "keyframes".

    Returns:
        Its text, without the mark that Windows' editor begins a file with.

    Raises:
        InputError: if it is no ordinary file, is too large, cannot be read,
            or holds other than UTF-8; the message names it.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            reason = "it is no ordinary file"
        elif status.st_size > MAX_BYTES:
            reason = f"it has more than {MAX_BYTES / 1e6:,.0f} MB"
        else:
            return path.read_text("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    except ValueError:  # A name with a zero in it.
        reason = "there can be no such file"
    raise InputError(f"The {noun} `{path}` cannot be read: {reason}.")
