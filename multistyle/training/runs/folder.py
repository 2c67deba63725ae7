"""The run folder: what a training leaves behind and goes on from."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.json_files import write_json
from multistyle.files.locks import LOCK_FILE, locked
from multistyle.files.temporaries import remove_leftovers
from multistyle.files.whole_files import cannot_write
from multistyle.network.models import MODEL_FILE
from multistyle.training.runs.checkpoints import Checkpoints
from multistyle.training.runs.record import RunRecord

OPTIONS_FILE = "options.json"
METRICS_FILE = "metrics.jsonl"
CHECKPOINT_FOLDER = "checkpoints"
SAMPLE_FOLDER = "samples"
TENSORBOARD_FOLDER = "tensorboard"


class RunFolder:
    """One training's folder.

    options.json        all options, versions, digests of the inputs, the seed
    metrics.jsonl       one object a step
    model.keras         the network, averaged, at the last checkpoint
    samples/            sheets: photographs in columns, styles in rows
    checkpoints/        the last two, each whole
    tensorboard/        logs for TensorBoard

    Args:
        path: of the folder; it is made when something is first written.

    Attributes:
        path, model_path, metrics_path, sample_folder, checkpoint_folder,
            tensorboard_folder: `Path`, where these stand.

    Example:
        >>> run = RunFolder("runs/mine")
        >>> run.model_path.name
        'model.keras'
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = expand_home(path)
        self.model_path = self.path / MODEL_FILE
        self.metrics_path = self.path / METRICS_FILE
        self.sample_folder = self.path / SAMPLE_FOLDER
        self.checkpoint_folder = self.path / CHECKPOINT_FOLDER
        self.tensorboard_folder = self.path / TENSORBOARD_FOLDER
        self._options_path = self.path / OPTIONS_FILE

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes out of the folder while it is trained in.

        The folder is made, which shows whether it can be. What a killed
        process left half written is removed. Where no training began in the
        block, no folder stays that was made for it.

        Raises:
            InputError: if another process trains in it, or it cannot be made.
        """
        made = [
            folder
            for folder in (self.path, *self.path.parents)
            if not os.path.exists(folder)
        ]
        try:
            with contextlib.ExitStack() as stack:
                try:
                    self.path.mkdir(parents=True, exist_ok=True)
                    stack.enter_context(
                        locked(
                            self.path / LOCK_FILE,
                            f"trains in `{self.path}`: wait for it, or give "
                            "another --run_dir.",
                        )
                    )
                except OSError as error:
                    raise cannot_write(self.path, error) from error
                remove_leftovers(self.path)
                yield
        finally:
            if made and not os.path.isfile(self._options_path):
                self._remove(made)

    def _remove(self, made: list[Path]) -> None:
        # Where it could not be made, or holds something by now, it stays.
        with contextlib.suppress(OSError):
            (self.path / LOCK_FILE).unlink(missing_ok=True)
            for folder in made:
                folder.rmdir()

    def check(self) -> None:
        """Refuses a folder that belongs to something else.

        Raises:
            InputError: if it holds files but no run, or is or lies in a file.
        """
        for path in (self.path, *self.path.parents):
            if os.path.isfile(path):
                raise InputError(
                    f"`{path}` is a file, where the folder of a training "
                    "should stand; give another --run_dir."
                )
        if (
            os.path.isdir(self.path)
            and not self._options_path.is_file()
            and any(not e.name.startswith(".") for e in self.path.iterdir())
        ):
            raise InputError(
                f"`{self.path}` holds files but no {OPTIONS_FILE}, so it is "
                "no run folder; give another --run_dir."
            )

    def read_record(self) -> RunRecord | None:
        """Reads what the run in the folder was begun with.

        Returns:
            The `RunRecord`, or None where no run has begun.

        Raises:
            InputError: if it is damaged.
        """
        if os.path.isfile(self._options_path):
            return RunRecord(self._options_path)
        return None

    def num_steps_done(self) -> int | None:
        """Returns the steps of the newest checkpoint, or None."""
        return Checkpoints(self.checkpoint_folder).last_step()

    def sample_sheets(self) -> list[Path]:
        """Returns the sample sheets, the latest one last."""
        return sorted(self.sample_folder.glob("step_*.jpg"))

    def clear(self) -> None:
        """Removes what a run wrote, and nothing else."""
        for name in (CHECKPOINT_FOLDER, SAMPLE_FOLDER, TENSORBOARD_FOLDER):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in (MODEL_FILE, METRICS_FILE, OPTIONS_FILE):
            (self.path / name).unlink(missing_ok=True)

    def write_record(self, facts: Mapping[str, Any]) -> None:
        """Writes options.json, or adds to it what an older version left out.

        Args:
            facts: dict for JSON, as `Ingredients.facts` gives them.
        """
        if self._options_path.is_file():
            RunRecord(self._options_path).add_digests(facts["data"])
        else:
            write_json(self._options_path, facts)
