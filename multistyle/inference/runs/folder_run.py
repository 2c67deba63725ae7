"""Many photographs into one folder, and going on after a stop."""

import contextlib
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from multistyle.errors import InputError, InputWarning
from multistyle.files.homes import expand_home
from multistyle.files.locks import locked
from multistyle.files.manifests import MANIFEST_FILE, Manifest
from multistyle.files.whole_files import cannot_write
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.failures import FAILURES_FILE, Failures
from multistyle.inference.runs.output_tree import check_apart
from multistyle.inference.runs.records import (
    FILE_FACTS,
    Outcome,
    base_record,
    is_unchanged,
)
from multistyle.inference.runs.runner import Runner, paint_in_turn
from multistyle.inference.runs.shard import Shard
from multistyle.inference.runs.stopped_runs import (
    UNRECORDED,
    find_manifests,
)
from multistyle.inference.runs.work import Work


class FolderRun:
    """Makes a composition of each of many photographs, into one folder.

    A manifest keeps the options and what is finished: the same run, again,
    goes on where it stopped. A photograph that was edited since, which is
    known by its content, is painted anew, and so is one of which a list now
    says something else. Runs that share the photographs by shards may go on
    at once, each with a manifest of its own. Beside it stands a list of what
    failed, which the next run tries again.

    All that can be wrong, but for the photographs themselves, is found on
    construction, before anything is written.

    Args:
        composition: a `Composition`.
        works: list of `Work`, with outputs in `folder`.
        folder: path of the folder to write into; it is made.
        options: dict for JSON, all that decides how the outputs look.
        overwrite: bool, whether to start anew, over what is there.
        runner: a `Runner`; None paints here, one after another.
        shard: the `Shard` that the works were selected by, or None.
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
        shard: Shard | None = None,
        num_others: int = 0,
    ):
        self.num_others = num_others
        self._composition = composition
        self._works = works
        self._overwrite = overwrite
        self._runner = runner
        self._folder = expand_home(folder)
        self.outputs = [work.output for work in works]
        names = [MANIFEST_FILE, FAILURES_FILE]
        if shard:
            names = [shard.of_name(name) for name in names]
        self._manifest_path, failures_path = (
            self._folder / name for name in names
        )
        self._failures = Failures(failures_path)
        self._manifest = Manifest(
            self._manifest_path,
            options,
            overwrite=overwrite,
            unrecorded=UNRECORDED,
            beside=self._manifests_beside(),
        )
        photographs = dict.fromkeys(work.photograph for work in works)
        sources = [*photographs, *composition.sources()]
        check_apart(sources, self.outputs)
        for work in works:
            self._check(work, makes=False)
        for work in _longest_names(works):
            self._check(work)

    def __len__(self):
        return len(self._works)

    def records(self) -> Iterator[dict[str, Any]]:
        """Makes the outputs, in order; by a runner, as they are done.

        Yields:
            A dict for each photograph, see `records.make`; its "status" may
            also be "kept", of an output that was finished before.
        """
        with self._locked():
            self._manifest.open()
            yield from self._records()

    def _records(self):
        self._failures.forget()
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

    @contextlib.contextmanager
    def _locked(self):
        """Keeps other processes out that would paint the same."""
        path = self._manifest_path
        with contextlib.ExitStack() as stack:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(
                    locked(
                        path.with_name(f".{path.name}.lock"),
                        f"paints into `{self._folder}`: wait "
                        "for it, or give another --output.",
                    )
                )
            except OSError as error:
                raise cannot_write(path, error) from error
            yield

    def _manifests_beside(self):
        paths = find_manifests(self._folder)
        return [path for path in paths if path != self._manifest_path]

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
        else:
            self._failures.add(record)

    def _kept(self, work):
        """Returns the record of what was finished before, or None."""
        made_of = self._manifest.finished.get(self._name(work))
        if made_of is None:
            return None
        is_as_listed = work.settings is None or (
            _facts(made_of) == work.settings
            and made_of.get("input") == work.name
        )
        if not is_as_listed or not self._is_current(work, made_of):
            return None
        return self._kept_record(work, made_of)

    def _kept_record(self, work, made_of):
        record = base_record(work.photograph, work.output, "kept")
        return record | _facts(made_of)

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

    def _check(self, work, *, makes=True):
        """Raises InputError where the output could not be written."""
        may_write = self._may_write(work)
        self._composition.check(work.output, may_write, makes=makes)

    def _name(self, work):
        return Path(work.output).relative_to(self._tree).as_posix()

    @property
    def _tree(self):
        """The path of the folder in which outputs are made."""
        return self._folder

    def _may_write(self, work):
        """Whether a file there is of this run, or may be replaced."""
        return self._overwrite or self._name(work) in self._manifest.started


def _longest_names(works):
    """Returns the work of the longest name in each folder of outputs.

    Where a file can be made under that, all can be: to make each would take
    minutes on a disk of the network.
    """
    longest = {}
    for work in works:
        folder, name = os.path.split(work.output)
        length = len(os.fsencode(name))
        if length > longest.get(folder, (0,))[0]:
            longest[folder] = length, work
    return [work for _, work in longest.values()]


def _facts(made_of):
    """Returns what a manifest keeps of how an output looks."""
    of_photograph = ("input", *FILE_FACTS)
    return {k: v for k, v in made_of.items() if k not in of_photograph}
