"""A sweep: short trainings that differ in one option, and their sheet."""

import dataclasses
from pathlib import Path

from multistyle.blends.names import did_you_mean
from multistyle.errors import InputError
from multistyle.images.codecs.writing import write_image
from multistyle.images.sheets.sheet import sheet
from multistyle.network.models import load_network
from multistyle.training.loop import TrainingLoop
from multistyle.training.material.paintings import Paintings
from multistyle.training.material.photographs import open_photographs
from multistyle.training.options import CADENCE, TrainingOptions
from multistyle.training.runs.folder import RunFolder
from multistyle.training.runs.samples import (
    SAMPLE_SIZE,
    choose_sample_photographs,
    paint_samples,
)

SHEET_FILE = "sweep.jpg"
DEFAULT_STEPS = 300

# The numeric options that change the picture.
OPTIONS = {
    field.name: kind
    for field in dataclasses.fields(TrainingOptions)
    for kind in (int, float)
    if field.type in (kind, kind | None) and field.name not in CADENCE
}


class Sweep:
    """Trainings that differ in one numeric option, each a run of its own.

    RUN_DIR/NAME=VALUE/  the run folder of a value
    RUN_DIR/sweep.jpg    photographs in columns, values in rows beside the
                         painting, block after block for several paintings

    A run that is finished is not repeated, so that a later sweep of the same
    option in the same folder may add values.

    Args:
        spec: str, "NAME:VALUE,VALUE,...".
        **given: of `TrainingOptions`, what all trainings share; `run_dir` is
            the sweep's folder, and `steps` is 300 unless given.

    Attributes:
        name: str, the option that differs, one of `OPTIONS`.
        runs: dict value as text -> `TrainingOptions`.

    Raises:
        InputError: for another option, or a value that it does not allow.
    """

    def __init__(self, spec, **given):
        self.name, values = _parse(spec)
        if self.name in given:
            raise InputError(
                f"`{self.name}` is given twice, by --sweep and by its own "
                "flag; leave one of them out."
            )
        self.folder = Path(given["run_dir"])
        self.runs = {}
        for text, value in values.items():
            run_dir = str(self.folder / f"{self.name}={text}")
            own = {self.name: value, "run_dir": run_dir}
            self.runs[text] = TrainingOptions(
                **{"steps": DEFAULT_STEPS, **given, **own}
            )

    def check(self, overwrite=False):
        """Refuses folders that belong to something else.

        Args:
            overwrite: bool, whether runs with other options will do, too.

        Raises:
            InputError: if the folder holds anything but runs of this sweep
                and their sheet, or a run has other options.
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
            RunFolder(options.run_dir).check(options.record(), overwrite)

    def _is_run(self, path):
        return path.is_dir() and path.name.startswith(f"{self.name}=")

    def train(self, report, overwrite=False):
        """Trains what is not finished, and writes the sheet after each run.

        Args:
            report: function of one line of text, for messages.
            overwrite: bool, whether to start every run anew.

        Returns:
            Path of the sheet, or None if the training was stopped.

        Raises:
            InputError: as of `check` and `TrainingLoop`.
        """
        self.check(overwrite)
        page = None
        for number, (text, options) in enumerate(self.runs.items(), 1):
            run = RunFolder(options.run_dir)
            line = f"{self.name}={text} ({number} of {len(self.runs)})"
            if run.num_steps_done() == options.steps and not overwrite:
                report(f"{line} is finished.")
            else:
                report(f"{line}, {options.steps} steps:")
                if not TrainingLoop(options, report).train(overwrite):
                    return None
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

    def __init__(self, options):
        paintings = Paintings(options.style_images)
        photographs = open_photographs(options.content_images)
        self._photographs = [
            _cut_square(photograph)
            for photograph in choose_sample_photographs(photographs)
        ]
        self._paintings = dict(
            zip(paintings.style_names, paintings.read(SAMPLE_SIZE), strict=True)
        )
        self._blocks = {name: [] for name in paintings.style_names}
        self._titles = []

    def add(self, title, network):
        """Adds a row to each block, painted by a `TransformNetwork`."""
        for name, painting in self._paintings.items():
            index = network.style_names.index(name)
            pastiches = paint_samples(network, self._photographs, index)
            self._blocks[name].append([painting, *pastiches])
        self._titles.append(title)

    def write(self, path):
        rows = [[None, *self._photographs]]
        for block in self._blocks.values():
            rows += block
        titles = ["photograph", *self._titles * len(self._blocks)]
        page = sheet(rows, row_titles=titles, cell_size=SAMPLE_SIZE)
        write_image(path, page, overwrite=True)


def _cut_square(image):
    """Returns the middle of [H, W, 3] as a square."""
    side = min(image.shape[:2])
    top, left = ((length - side) // 2 for length in image.shape[:2])
    return image[top : top + side, left : left + side]


def _parse(spec):
    """Returns the option's name and dict value as text -> number."""
    name, _, texts = spec.partition(":")
    if not texts:
        raise InputError(
            f"`{spec}` in --sweep must be NAME:VALUE,VALUE,... as in "
            "style_loss_weight:2,4,6,10."
        )
    if name not in OPTIONS:
        raise InputError(
            f"`{name}` in --sweep is no numeric option of a training"
            f"{did_you_mean(name, OPTIONS)}"
        )
    kind = OPTIONS[name]
    values = {}
    for text in texts.split(","):
        try:
            value = kind(text)
        except ValueError:
            noun = "a whole number" if kind is int else "a number"
            raise InputError(
                f"`{text}` in --sweep must be {noun}, as `{name}` is."
            ) from None
        # One folder a value, however it is written: 6 and 6.0 are the same.
        values[repr(value).removesuffix(".0")] = value
    return name, values
