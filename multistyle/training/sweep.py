"""A sweep: short trainings that differ in one option, and their sheet."""

import dataclasses
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.blends.names import did_you_mean
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import try_file
from multistyle.images.codecs.writing import write_image
from multistyle.images.sheets.sheet import sheet
from multistyle.images.tiles import Window
from multistyle.learning.paintings import Paintings
from multistyle.network.models import load_network
from multistyle.network.transform import TransformNetwork
from multistyle.training.distribution.job import VARIABLES, read_job
from multistyle.training.material.photographs import open_photographs
from multistyle.training.network_training import run_training
from multistyle.training.options import (
    DATA_PARALLEL,
    SWEEPABLE,
    TrainingOptions,
)
from multistyle.training.progress import TrainingProgress
from multistyle.training.runs.folder import RunFolder
from multistyle.training.runs.samples import (
    SAMPLE_SIZE,
    choose_sample_photographs,
    paint_samples,
)

SHEET_FILE = "sweep.jpg"


class Sweep:
    """Trainings that differ in one numeric option, each a run of its own.

    RUN_DIR/NAME=VALUE/  the run folder of a value
    RUN_DIR/sweep.jpg    photographs in columns, values in rows beside the
                         painting, block after block for several paintings

    A run that is finished is not repeated, so that a later sweep of the same
    option in the same folder may add values.

    Args:
        name: the option that differs, one of `options.SWEEPABLE`.
        values: what it is in each training.
        options: a `TrainingOptions`, what all trainings share; its `run_dir`
            is the sweep's folder. 300 steps are enough.

    Attributes:
        name: as it was given.
        folder: path of the sweep's folder.
        runs: dict from value as text to `TrainingOptions`.

    Raises:
        InputError: for another option, or a value that it does not allow.

    Example:

        options = TrainingOptions(
            style_images="mine.jpg",
            content_images="photographs",
            run_dir="runs/sweep",
            steps=300,
        )
        sheet = Sweep("style_loss_weight", [2, 4, 6, 10], options).train()
    """

    def __init__(
        self,
        name: str,
        values: Sequence[int | float],
        options: TrainingOptions,
    ) -> None:
        if name not in SWEEPABLE:
            raise InputError(
                f"`{name}` in a sweep is no numeric option of a training"
                f"{did_you_mean(name, SWEEPABLE)}"
            )
        if options.distribute == DATA_PARALLEL and read_job():
            raise InputError(
                "A sweep is for one process, and the variables "
                f"{', '.join(VARIABLES)} name several: unset them, or train "
                "value after value."
            )
        self.name = name
        self.folder = expand_home(options.run_dir)
        self.runs = {}
        for value in values:
            keyword: dict[str, Any] = {name: value}
            own = dataclasses.replace(options, **keyword)
            # One folder a value, however it is written: 6 and 6.0 are one.
            text = repr(getattr(own, name)).removesuffix(".0")
            run_dir = str(self.folder / f"{name}={text}")
            self.runs[text] = dataclasses.replace(own, run_dir=run_dir)

    def check(self, overwrite: bool = False) -> None:
        """Refuses folders that cannot be written or belong to something else.

        Args:
            overwrite: whether runs with other options will do, too.

        Raises:
            InputError: if the folder holds anything but runs of this sweep
                and their sheet, a run has other options, or the sheet cannot
                be written.
        """
        found = sorted(self.folder.glob("[!.]*"))
        runs = [path for path in found if self._is_run(path)]
        own = {*runs, self.folder / SHEET_FILE} if runs else set()
        for path in found:
            if path not in own:
                raise InputError(
                    f"`{self.folder}` holds `{path.name}`, which is no part "
                    f"of a sweep of {self.name}; give another --run_dir."
                )
        for options in self.runs.values():
            run = RunFolder(options.run_dir)
            run.check()
            record = None if overwrite else run.read_record()
            if record:
                record.check_options(options.record())
        try_file(self.folder / SHEET_FILE)

    def _is_run(self, path: Path) -> bool:
        return path.is_dir() and path.name.startswith(f"{self.name}=")

    def train(
        self,
        *,
        overwrite: bool = False,
        note: Callable[[str], None] | None = None,
        progress: Callable[[TrainingProgress], None] | None = None,
    ) -> Path:
        """Trains what is not finished, and writes the sheet after each run.

        Args:
            overwrite: whether to start every run anew.
            note, progress: see `network_training.train_network`.

        Returns:
            Path of the sheet.

        Raises:
            InputError: see `check` and `network_training.train_network`.
            TrainingStopped: a `KeyboardInterrupt`, after Ctrl-C and saving.
        """
        self.check(overwrite)
        page = None
        for number, (text, options) in enumerate(self.runs.items(), 1):
            if note:
                note(f"{self.name}={text} ({number} of {len(self.runs)}):")
            run = run_training(
                options, overwrite=overwrite, note=note, progress=progress
            )
            page = page or _Page(options)
            page.add(f"{self.name} {text}", load_network(run.model_path))
            page.write(self.folder / SHEET_FILE)
        return self.folder / SHEET_FILE


class _Page:
    """The sheet of a sweep: photographs above, then a block for each painting.

    Photographs are cut to squares, so that a cell shows each stroke as it was
    painted and rows stand close enough to compare.

    Args:
        options: a `TrainingOptions`, which names the pictures.
    """

    def __init__(self, options: TrainingOptions) -> None:
        paintings = Paintings(options.style_images)
        photographs = open_photographs(options.content_images)
        self._photographs = [
            Window.square(photograph.shape[:2]).of(photograph)
            for photograph in choose_sample_photographs(photographs)
        ]
        self._paintings = dict(
            zip(paintings.style_names, paintings.read(SAMPLE_SIZE), strict=True)
        )
        self._blocks: dict[str, list[list[np.ndarray | None]]] = {
            name: [] for name in paintings.style_names
        }
        self._titles: list[str] = []

    def add(self, title: str, network: TransformNetwork) -> None:
        """Adds a row to each block, painted by a `TransformNetwork`."""
        for name, painting in self._paintings.items():
            index = network.style_names.index(name)
            pastiches = paint_samples(network, self._photographs, index)
            self._blocks[name].append([painting, *pastiches])
        self._titles.append(title)

    def write(self, path: str | os.PathLike) -> None:
        rows = [[None, *self._photographs]]
        for block in self._blocks.values():
            rows += block
        titles = ["photograph", *self._titles * len(self._blocks)]
        page = sheet(rows, row_titles=titles, cell_size=SAMPLE_SIZE)
        write_image(path, page, overwrite=True)
