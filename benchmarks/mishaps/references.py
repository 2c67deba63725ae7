"""What unbroken runs leave, which every broken one has to come to."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mishaps.contents import differ, list_files, read_contents
from mishaps.processes import Ended, Place, run
from mishaps.works import Work


class Reference:
    """A work that was run once without a fault, and a place to break it in.

    Args:
        work: the `Work`.
        folder: path of a new folder.
        seed: of its inputs.

    Attributes:
        work: the `Work`.
        place: the `Place` of the broken runs, with the same inputs.
        ended: how the unbroken run `Ended`.
    """

    def __init__(self, work: Work, folder: Path, seed: int) -> None:
        self.work = work
        shutil.rmtree(folder, ignore_errors=True)
        self.place = Place(folder)
        work.make_inputs(folder, np.random.default_rng(seed))
        run(["--version"], self.place)  # Then the packages are imported.
        self.ended = run(work.arguments, self.place)
        if self.ended.code:
            raise RuntimeError(
                f"{work.name}: the unbroken run fails: {self.ended.said()}"
            )
        self._outputs = folder / "unbroken"
        self.place.outputs.rename(self._outputs)
        self._temporaries = set(list_files(self.place.temporaries))
        self.renew()

    def renew(self) -> None:
        """Empties the place."""
        self.place.empty()

    def run(self, *, more: Sequence[str] = (), **given: Any) -> Ended:
        """Runs the work in the place, by more flags; see `processes.run`."""
        return run([*self.work.arguments, *more], self.place, **given)

    def find_torn(self) -> str:
        """Returns what is wrong with the files that have their names, or ""."""
        for name, path in list_files(self.place.outputs).items():
            if any(part.startswith(".") for part in name.split("/")):
                continue
            try:
                read_contents(path)
            except Exception as error:
                return f"`{name}` is torn: {error}"
        return ""

    def compare(self, only: str | None = None) -> tuple[str, float]:
        """Compares the place's outputs with the unbroken run's.

        Args:
            only: None, or the name of the one file that counts.

        Returns:
            What differs beyond the work's tolerance, or "", and the largest
            difference.
        """
        expected = list_files(self._outputs)
        found = list_files(self.place.outputs)
        if only is not None:
            expected, found = (
                {only: files[only]} for files in (expected, found)
            )
        if expected.keys() != found.keys():
            more = sorted(found.keys() - expected.keys())
            less = sorted(expected.keys() - found.keys())
            return f"files more: {more}, less: {less}", np.inf
        largest = 0.0
        for name, path in expected.items():
            gap = differ(read_contents(path), read_contents(found[name]))
            largest = max(largest, gap)
            if gap > self.work.tolerance:
                return f"`{name}` differs by {gap:.2g}", gap
        left = set(list_files(self.place.temporaries)) - self._temporaries
        if left:
            return f"temporary files stay: {sorted(left)}", largest
        return "", largest

    def ends_as_unbroken(
        self, only: str | None = None
    ) -> tuple[str, float, Ended]:
        """Runs the same command again, which has to end as the unbroken.

        What was killed when its output stood is finished: it says so, as it
        would after an unbroken run.

        Args:
            only: see `compare`.

        Returns:
            What is wrong, or "", the largest difference, and how it `Ended`.
        """
        ended = self.run()
        is_finished = ended.code == 2 and "exists already" in ended.said()
        if (ended.code and not is_finished) or "Traceback" in ended.said():
            return f"again: {ended.code}, {ended.said()}", np.inf, ended
        problem, gap = self.compare(only)
        return problem, gap, ended
