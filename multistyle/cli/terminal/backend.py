"""The backend of Keras, brought up without its chatter."""

import contextlib
import faulthandler
import os
import sys
from collections.abc import Iterator


def import_keras() -> None:
    """Imports Keras and its backend with standard error turned off.

    TensorFlow's libraries write notices straight to file descriptor 2 while
    they load, whatever the log level is. Exceptions come through, and where a
    library ends the process, where that was is said.
    """
    with silent_stderr():
        import keras

        # Loads the rest of the backend's libraries.
        keras.ops.zeros(())


@contextlib.contextmanager
def silent_stderr() -> Iterator[None]:
    """Turns standard error off within a `with` block, libraries' own too."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    was_enabled = faulthandler.is_enabled()
    os.dup2(nowhere, 2)
    faulthandler.enable(kept)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        faulthandler.disable()
        if was_enabled:
            faulthandler.enable(2)
        os.close(kept)
        os.close(nowhere)
