"""Checkpoints: all that a training needs to go on."""

import io
import json
from pathlib import Path

import numpy as np
from keras import ops

from multistyle.files.whole_files import whole_file

NUM_KEPT = 2


class Checkpoints:
    """The checkpoints of a run: the newest two, each whole.

    Args:
        folder: path; it is made when the first one is written.
    """

    def __init__(self, folder):
        self._folder = Path(folder)

    def write(self, step, network, optimizer, state):
        """Writes a checkpoint and drops all but the last two.

        Args:
            step: int, steps done.
            network: the `TransformNetwork` that trains.
            optimizer: its optimizer, built.
            state: dict for JSON, what else is needed to go on.
        """
        arrays = {
            f"{kind}_{i}": ops.convert_to_numpy(variable)
            for kind, variables in (
                ("network", network.weights),
                ("optimizer", optimizer.variables),
            )
            for i, variable in enumerate(variables)
        }
        buffer = io.BytesIO()
        np.savez(buffer, state=np.array(json.dumps(state)), **arrays)
        self._folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self._folder / f"step_{step:08d}.npz") as file:
            file.write(buffer.getbuffer())
        for path in self._paths()[:-NUM_KEPT]:
            path.unlink(missing_ok=True)

    def last_step(self):
        """Returns the steps that the newest has done, or None."""
        paths = self._paths()
        return _step(paths[-1]) if paths else None

    def read(self):
        """Reads the newest `Checkpoint` that is whole, or None."""
        for path in reversed(self._paths()):
            try:
                with np.load(path) as file:
                    arrays = {name: file[name] for name in file.files}
                state = json.loads(str(arrays.pop("state")))
            # What a damaged file raises depends on where it is damaged.
            except Exception:
                continue
            return Checkpoint(_step(path), arrays, state)
        return None

    def _paths(self):
        return sorted(self._folder.glob("step_*.npz"))


class Checkpoint:
    """One checkpoint in memory.

    Attributes:
        step: int, steps done.
        state: dict, as it was written.
    """

    def __init__(self, step, arrays, state):
        self.step = step
        self.state = state
        self._arrays = arrays

    def restore_network(self, network):
        self._restore("network", network.weights)

    def restore_optimizer(self, optimizer):
        self._restore("optimizer", optimizer.variables)

    def _restore(self, kind, variables):
        for i, variable in enumerate(variables):
            variable.assign(self._arrays[f"{kind}_{i}"])


def _step(path):
    return int(path.stem.removeprefix("step_"))
