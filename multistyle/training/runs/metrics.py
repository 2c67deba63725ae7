"""The log of a training: a line of JSON a step, and TensorBoard's files."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from multistyle.files.whole_files import whole_file


class MetricsLog:
    """Writes what each step measured, until it is left as a context.

    Args:
        path: of the file with one JSON object a line.
        tensorboard_folder: path of TensorBoard's logs.
    """

    def __init__(
        self, path: str | os.PathLike, tensorboard_folder: str | os.PathLike
    ) -> None:
        from tensorboard.summary import Writer

        self._path = Path(path)
        self._writer = Writer(str(tensorboard_folder))

    def add(self, record: Mapping[str, float | None]) -> None:
        """Appends a dict with "step" and numbers; None is not finite."""
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        for name, value in record.items():
            if name != "step" and value is not None:
                self._writer.add_scalar(name, value, record["step"])

    def __enter__(self) -> "MetricsLog":
        return self

    def __exit__(self, *exception: object) -> None:
        self._writer.close()


def forget_metrics_after(path: str | os.PathLike, step: int) -> None:
    """Drops the lines of steps that will be done again.

    Args:
        path: of the file with one JSON object a line; it may be missing.
        step: the last step to keep.
    """
    path = Path(path)
    if not path.is_file():
        return
    kept = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            is_kept = json.loads(line)["step"] <= step
        # The line that a kill cut short, or what is no record of a step.
        except (ValueError, TypeError, KeyError):
            continue
        if is_kept:
            kept.append(line + "\n")
    with whole_file(path) as file:
        file.write("".join(kept).encode("utf-8"))
