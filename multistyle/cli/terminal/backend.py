"""The backend of Keras, brought up without its chatter."""

import contextlib
import faulthandler
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def silence_keras() -> None:
    """Has Keras load in silence, wherever this process first imports it.

    TensorFlow's libraries write notices straight to file descriptor 2 while
    they load, whatever the log level is. Exceptions come through, and where a
    library ends the process, where that was is said.
    """
    if not any(isinstance(each, _KerasFinder) for each in sys.meta_path):
        sys.meta_path.insert(0, _KerasFinder())


class _KerasFinder(MetaPathFinder):
    """Finds Keras as it is found without it, and has it loaded in silence."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname != "keras":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _SilentLoader(spec.loader)
        return spec


class _SilentLoader(Loader):
    """Loads Keras and its backend with standard error turned off."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        with silent_stderr():
            self._loader.exec_module(module)
            # TensorFlow loads the rest of its libraries when it first
            # computes. JAX may not before all workers of a job are there.
            if module.config.backend() == "tensorflow":
                module.ops.zeros(())


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
