"""Actors of Ray Data: what reads works, and what paints them."""

import collections
import json
import os
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow
import ray
from ray.data import DataContext
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from multistyle.errors import InputError
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.records import failed, paint_work
from multistyle.inference.runs.work import Work

# So many works travel to the cluster at a time.
_MAX_WORKS_OF_TASK = 1000


class WorkSource(Datasource):
    """Works, numbered, each in a block of its own.

    So that what is lost with an actor is one work.

    Args:
        works: sequence of `Work`.
    """

    def __init__(self, works: Sequence[Work]) -> None:
        super().__init__()
        self._lines = [
            json.dumps([number, *work]) for number, work in enumerate(works)
        ]

    def estimate_inmemory_data_size(self) -> int:
        return sum(map(len, self._lines))

    def get_read_tasks(
        self,
        parallelism: int,
        per_task_row_limit: int | None = None,
        data_context: DataContext | None = None,
    ) -> list[ReadTask]:
        """Returns what makes the blocks, wherever it runs."""
        tasks = []
        for start in range(0, len(self._lines), _MAX_WORKS_OF_TASK):
            lines = self._lines[start : start + _MAX_WORKS_OF_TASK]
            metadata = BlockMetadata(
                num_rows=len(lines),
                size_bytes=sum(map(len, lines)),
                input_files=None,
                exec_stats=None,
            )
            tasks.append(ReadTask(_Blocks(lines), metadata))
        return tasks


class _Blocks:
    """Makes a block of each line."""

    def __init__(self, lines):
        self._lines = lines

    def __call__(self) -> Iterator[pyarrow.Table]:
        for line in self._lines:
            yield pyarrow.table({"work": [line]})


class Tally:
    """Counts what is begun, for painters that may die over it.

    It keeps outcomes until they have arrived: where an actor dies, Ray may ask
    again for what was painted long before.

    Args:
        num_painters: int.
    """

    def __init__(self, num_painters: int) -> None:
        self._max_starts = 2 * num_painters
        self._num_starts = 0
        self._times: collections.Counter[int] = collections.Counter()
        self._outcomes: dict[int, str] = {}

    def begin(self, number: int) -> tuple[int, str | None]:
        """Notes that a work is begun.

        Returns:
            How many times it was, and the line of its outcome if it has one.
        """
        line = self._outcomes.get(number)
        if line is None:
            self._times[number] += 1
        return self._times[number], line

    def end(self, number: int, line: str) -> None:
        """Notes the line of a work's outcome."""
        del self._times[number]
        self._outcomes[number] = line

    def forget(self, number: int) -> None:
        """Notes that an outcome has arrived."""
        del self._outcomes[number]

    def start(self) -> bool:
        """Notes that a model is being loaded; False where none gets ready."""
        self._num_starts += 1
        return self._num_starts <= self._max_starts

    def get_ready(self) -> None:
        """Notes that a model is loaded."""
        self._num_starts = 0


class PaintingActor:
    """Paints works by a model that it loads once.

    Args:
        composition: a list of one reference to a `Composition`.
        tally: handle of a `Tally`.
        folder: path of the folder that relative paths begin at.
    """

    def __init__(
        self, composition: "list[ray.ObjectRef]", tally: Any, folder: str
    ) -> None:
        self._reference = composition[0]
        self._composition: Composition | None = None
        self._tally = tally
        if Path(folder).is_dir():  # Not on every machine of a cluster.
            os.chdir(folder)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Paints the works of a batch.

        Args:
            batch: dict with "work", lines of `WorkSource`.

        Returns:
            Dict with "outcome", as many lines: a work's number and the rest
            of its `Outcome`; or None, and the name and text of an error that
            ends the run.
        """
        return {"outcome": [self._paint(line) for line in batch["work"]]}

    def _paint(self, line):
        number, *fields = json.loads(line)
        try:
            return self._outcome(number, Work(*fields))
        except InputError as error:
            return json.dumps([None, type(error).__name__, str(error)])
        except Exception as error:
            trace = traceback.format_exc()
            return json.dumps([None, type(error).__name__, trace])

    def _outcome(self, number, work):
        # Not on construction: whoever dies there is started without end.
        if self._composition is None:
            self._composition = self._load()
        times, line = self._ask("begin", number)
        if line is not None:
            return line
        if times > 2:
            outcome = failed(
                work,
                f"`{work.photograph}` ended the process that paints it, twice: "
                "where memory is short, give fewer --jobs or a lower "
                "--max_memory.",
            )
        else:
            outcome = paint_work(self._composition, work)
        line = json.dumps([number, *outcome[1:]])
        self._ask("end", number, line)
        return line

    def _load(self):
        if not self._ask("start"):
            raise InputError(
                "The processes that are to paint end before they have loaded "
                "the model: give fewer --jobs."
            )
        composition = ray.get(self._reference)
        self._ask("get_ready")
        return composition

    def _ask(self, what, *arguments):
        return ray.get(getattr(self._tally, what).remote(*arguments))
