"""Many photographs into one folder, and going on after a stop."""

import contextlib
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from multistyle.errors import InputError, InputWarning
from multistyle.files.homes import expand_home
from multistyle.files.manifests import Manifest
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.output_tree import check_apart
from multistyle.inference.runs.records import Outcome, base_record, is_unchanged
from multistyle.inference.runs.runner import Runner, paint_in_turn
from multistyle.inference.runs.stopped_runs import UNRECORDED
from multistyle.inference.runs.work import Work

MANIFEST_FILE = "manifest.jsonl"
# What the manifest keeps of the photograph's file; the rest is of its look.
_OF_FILE = ("input", "size", "mtime_ns", "sha256", "version")


class FolderRun:
    """Makes a composition of each of many photographs, into one folder.

    A manifest keeps the options and what is finished: the same run, again,
    goes on where it stopped. A photograph that was edited since is painted
    anew; it is known by its content.

    All that can be wrong, but for the photographs themselves, is found on
    construction, before anything is written.

    Args:
        composition: a `Composition`.
        works: list of `Work`, with outputs in `folder`.
        folder: path of the folder to write into; it is made.
        options: dict for JSON, all that decides how the outputs look.
        overwrite: bool, whether to start anew, over what is there.
        runner: a `Runner`; None paints here, one after another.
        num_others: how many files beside the photographs are of other kinds.

    Attributes:
        outputs: list of the paths of the outputs.
        num_others: as given.

    Raises:
        InputError: if the folder was begun with other options (the
            differences are named); if an output stands there that is not of
            this run; if one would replace a photograph.
    """

    def __init__(
        self,
        composition: Composition,
        works: Sequence[Work],
        folder: str | os.PathLike[str],
        options: dict[str, Any],
        *,
        overwrite: bool = False,
        runner: Runner | None = None,
        num_others: int = 0,
    ):
        self.num_others = num_others
        self._composition = composition
        self._works = works
        self._overwrite = overwrite
        self._runner = runner
        self._folder = expand_home(folder)
        self.outputs = [work.output for work in works]
        self._manifest = Manifest(
            self._folder / MANIFEST_FILE,
            options,
            overwrite=overwrite,
            unrecorded=UNRECORDED,
        )
        photographs = dict.fromkeys(work.photograph for work in works)
        sources = [*photographs, *composition.sources()]
        check_apart(sources, self.outputs)
        for work in works:
            self._check(work)

    def __len__(self):
        return len(self._works)

    def records(self) -> Iterator[dict[str, Any]]:
        """Makes the outputs, in order; by a runner, as they are done.

        Yields:
            A dict for each photograph, see `records.make`; its "status" may
            also be "kept", of an output that was finished before.
        """
        self._manifest.open()
        yield from self._records()

    def _records(self):
        is_in_order = self._runner is None
        groups = (
            [[work] for work in self._works] if is_in_order else [self._works]
        )
        for works in groups:
            left = []
            for work in works:
                kept = self._kept(work)
                if kept is None:
                    left.append(work)
                else:
                    yield kept
            yield from self._paint(left)

    def _paint(self, works):
        run = self._runner or paint_in_turn
        begun = map(self._begin, works)
        # Closed at once where nobody listens any more.
        with contextlib.closing(
            run(self._composition, begun, self._note)
        ) as outcomes:
            for outcome in outcomes:
                yield outcome.record

    def _begin(self, work):
        may_write = self._may_write(work)
        self._manifest.start(self._name(work))
        return work._replace(may_write=may_write)

    def _note(self, outcome: Outcome) -> None:
        work, record, made_of, said = outcome
        for line in said:
            warnings.warn(line, InputWarning, stacklevel=2)
        if record["status"] == "painted":
            made_of = {"input": work.name, **made_of}
            self._manifest.finish(self._name(work), made_of)

    def _kept(self, work):
        """Returns the record of what was finished before, or None."""
        made_of = self._manifest.finished.get(self._name(work))
        if made_of is None or not self._is_current(work, made_of):
            return None
        facts = {k: v for k, v in made_of.items() if k not in _OF_FILE}
        return base_record(work.photograph, work.output, "kept") | facts

    def _is_current(self, work, made_of):
        """Whether an output was made of what the photograph holds now."""
        if not self._stands(work):
            return False
        try:
            return is_unchanged(work.photograph, made_of)
        except (InputError, OSError):  # It is gone, and its painting is there.
            return True

    def _stands(self, work):
        """Whether a file stands where the output shall be."""
        return os.path.exists(work.output)

    def _check(self, work):
        """Raises InputError where the output could not be written."""
        self._composition.check(work.output, self._may_write(work))

    def _name(self, work):
        return Path(work.output).relative_to(self._folder).as_posix()

    def _may_write(self, work):
        """Whether a file there is of this run, or may be replaced."""
        return self._overwrite or self._name(work) in self._manifest.started
