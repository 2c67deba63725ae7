"""The run folder: what a training leaves behind and goes on from."""

import contextlib
import json
import shutil
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.json_files import write_json
from multistyle.files.locks import locked
from multistyle.files.temporaries import remove_leftovers
from multistyle.network.models import MODEL_FILE
from multistyle.training.runs.checkpoints import Checkpoints

OPTIONS_FILE = "options.json"
METRICS_FILE = "metrics.jsonl"
LOCK_FILE = ".lock"
CHECKPOINT_FOLDER = "checkpoints"
SAMPLE_FOLDER = "samples"
TENSORBOARD_FOLDER = "tensorboard"


class RunFolder:
    """One training's folder.

    options.json        all options, versions, data counts and the seed
    metrics.jsonl       one object a step
    model.keras         the network, averaged, as of the last checkpoint
    samples/            sheets: photographs in columns, styles in rows
    checkpoints/        the last two, each whole
    tensorboard/        logs for TensorBoard

    Args:
        path: of the folder; it is made when something is first written.
    """

    def __init__(self, path):
        self.path = Path(path)
        self.model_path = self.path / MODEL_FILE
        self.metrics_path = self.path / METRICS_FILE
        self.sample_folder = self.path / SAMPLE_FOLDER
        self.checkpoint_folder = self.path / CHECKPOINT_FOLDER
        self.tensorboard_folder = self.path / TENSORBOARD_FOLDER

    @contextlib.contextmanager
    def locked(self):
        """Keeps other processes out of the folder while it is trained in.

        What a killed process left half written is removed.

        Raises:
            InputError: if another process trains in it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with locked(
            self.path / LOCK_FILE,
            f"Another process trains in `{self.path}`; wait for it or give "
            "another --run_dir.",
        ):
            remove_leftovers(self.path)
            yield

    def check(self, options, overwrite=False):
        """Refuses a folder that belongs to something else.

        Args:
            options: dict, the options of the training that is to go on.
            overwrite: bool, whether a run with other options will do, too.

        Raises:
            InputError: if the folder holds a run with other options (the
                differences are named) or files that are no run.
        """
        path = self.path / OPTIONS_FILE
        if not path.is_file():
            if self.path.is_dir() and any(
                not entry.name.startswith(".") for entry in self.path.iterdir()
            ):
                raise InputError(
                    f"`{self.path}` holds files but no {OPTIONS_FILE}, so it "
                    "is no run folder; give another --run_dir."
                )
            return
        if overwrite:
            return
        before = json.loads(path.read_text("utf-8"))["options"]
        differences = [
            f"{name} was {json.dumps(before.get(name))}, "
            f"now {json.dumps(value)}"
            for name, value in options.items()
            # An option that is younger than the run was not given then.
            if before.get(name) != value and (name in before or value)
        ]
        if differences:
            raise InputError(
                f"`{self.path}` holds a training with other options: "
                f"{'; '.join(differences)}. Give these again to go on, "
                "another --run_dir, or --overwrite to start anew."
            )

    def num_steps_done(self):
        """Returns the steps of the newest checkpoint, or None."""
        return Checkpoints(self.checkpoint_folder).last_step()

    def clear(self):
        """Removes what a run wrote, and nothing else."""
        for name in (CHECKPOINT_FOLDER, SAMPLE_FOLDER, TENSORBOARD_FOLDER):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in (MODEL_FILE, METRICS_FILE, OPTIONS_FILE):
            (self.path / name).unlink(missing_ok=True)

    def write_options(self, record):
        """Writes options.json, unless it stands there from before."""
        path = self.path / OPTIONS_FILE
        if not path.is_file():
            write_json(path, record)
