"""Checkpoints: all that a training needs to go on."""

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from multistyle.errors import InputError
from multistyle.files.whole_files import whole_file

NUM_KEPT = 2


class Checkpoints:
    """The checkpoints of a run: the newest two, each whole.

    Args:
        folder: path; it is made when the first one is written.

    Attributes:
        damaged: list of the paths that `read` passed over.
    """

    def __init__(self, folder: str | os.PathLike) -> None:
        self._folder = Path(folder)
        self.damaged: list[Path] = []

    def write(
        self,
        step: int,
        network: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        *,
        rate_scale: float,
    ) -> None:
        """Writes a checkpoint and drops all but it and the one before.

        Later ones are dropped, too: the run went back behind them, because
        they are damaged.

        Args:
            step: steps done.
            network: the `TransformNetwork` that trains.
            optimizer: its optimizer, built.
            rate_scale: the factor on the learning rate, which rollbacks lower.

        Raises:
            InputError, OSError: if it cannot be written.
        """
        arrays = {
            f"{kind}_{i}": ops.convert_to_numpy(variable)
            for kind, variables in (
                ("network", network.weights),
                ("optimizer", optimizer.variables),
            )
            for i, variable in enumerate(variables)
        }
        path = self._folder / f"step_{step:08d}.npz"
        data = Checkpoint(path, arrays, rate_scale).to_bytes()
        self._folder.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(data)
        paths = self._paths()
        kept = [path for path in paths if _step(path) <= step][-NUM_KEPT:]
        for path in paths:
            if path not in kept:
                path.unlink(missing_ok=True)

    def last_step(self) -> int | None:
        """Returns the steps that the newest has done, or None."""
        paths = self._paths()
        return _step(paths[-1]) if paths else None

    def read(self) -> "Checkpoint | None":
        """Reads the newest `Checkpoint` that is whole, or None.

        One that holds a number that is not finite is no better than torn.
        """
        self.damaged = []
        for path in reversed(self._paths()):
            try:
                checkpoint = Checkpoint.from_bytes(path, path.read_bytes())
                if checkpoint.is_finite():
                    return checkpoint
            # What a damaged file raises depends on where it is damaged.
            except Exception:  # nosec B110
                pass
            self.damaged.append(path)
        return None

    def _paths(self) -> list[Path]:
        return [
            path
            for path in sorted(self._folder.glob("step_*.npz"))
            if path.stem.removeprefix("step_").isdecimal()
        ]


class Checkpoint:
    """One checkpoint in memory.

    Args:
        path: of its file, whose name says how many steps were done.
        arrays: dict from name to array.
        rate_scale: float.

    Attributes:
        path: as it was given.
        step: int, steps done.
        rate_scale: float, the factor on the learning rate.
    """

    def __init__(
        self, path: Path, arrays: Mapping[str, Any], rate_scale: float
    ) -> None:
        self.step = _step(path)
        self.rate_scale = rate_scale
        self.path = path
        self._arrays = arrays

    @classmethod
    def from_bytes(cls, path: Path, data: bytes) -> "Checkpoint":
        """Reads what `to_bytes` gave; damaged bytes raise any exception."""
        with np.load(io.BytesIO(data)) as file:
            arrays = {name: file[name] for name in file.files}
        state = json.loads(str(arrays.pop("state")))
        return cls(path, arrays, float(state["rate_scale"]))

    def is_finite(self) -> bool:
        """Returns whether all numbers in it are finite."""
        return all(map(is_finite, self._arrays.values()))

    def to_bytes(self) -> bytes:
        """Returns the contents of the file."""
        buffer = io.BytesIO()
        state = np.array(json.dumps({"rate_scale": self.rate_scale}))
        np.savez(buffer, state=state, **self._arrays)
        return buffer.getvalue()

    def restore_network(self, network: keras.Model) -> None:
        """Gives a network its weights of that step.

        Raises:
            InputError: if they are another network's.
        """
        self._restore("network", network.weights)

    def restore_optimizer(self, optimizer: keras.optimizers.Optimizer) -> None:
        """Gives an optimizer, which is built, its state of that step.

        Raises:
            InputError: if it is another optimizer's.
        """
        self._restore("optimizer", optimizer.variables)

    def _restore(self, kind: str, variables: Sequence[keras.Variable]) -> None:
        names = [f"{kind}_{i}" for i in range(len(variables))]
        if any(
            name not in self._arrays
            or self._arrays[name].shape != tuple(variable.shape)
            for name, variable in zip(names, variables, strict=True)
        ):
            raise InputError(
                f"`{self.path}` is the checkpoint of another {kind}: remove "
                "it, or start anew by --overwrite."
            )
        for name, variable in zip(names, variables, strict=True):
            variable.assign(self._arrays[name])


def is_finite(array: np.ndarray) -> bool:
    """Says whether an array holds numbers alone, no NaN and no infinity."""
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())


def _step(path: Path) -> int:
    return int(path.stem.removeprefix("step_"))
