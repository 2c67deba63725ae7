"""Tar runs: many photographs into tar files, as WebDataset reads them."""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.outputs import check_output_path
from multistyle.files.tar_files import write_tar
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.folder_run import FolderRun
from multistyle.inference.runs.records import Outcome
from multistyle.inference.runs.runner import Runner
from multistyle.inference.runs.shard import Shard
from multistyle.inference.runs.work import Work

PICTURES_PER_TAR = 1000
# Where pictures wait for their tar file; a run that was stopped finds them.
WAITING = ".untarred"


class TarRun(FolderRun):
    """Makes a composition of each of many photographs, into tar files.

    Each picture stands in one of them beside a JSON file of the same stem,
    which says what it was made of. A tar file appears whole, and is not
    touched again: a photograph that was edited later is not painted anew.

    Args:
        composition, options, overwrite, runner, shard, num_others: see
            `FolderRun`.
        works: list of `Work`, with outputs as `place_in_tar` says.
        pattern: path of the tar files, as "painted/%06d.tar".
        pictures_per_tar: how many each has, but for the last.

    Raises:
        InputError: as `FolderRun`, and if a tar file stands there that is not
            of this run.
    """

    def __init__(
        self,
        composition: Composition,
        works: Sequence[Work],
        pattern: str | os.PathLike[str],
        options: dict[str, Any],
        *,
        overwrite: bool = False,
        runner: Runner | None = None,
        shard: Shard | None = None,
        num_others: int = 0,
        pictures_per_tar: int = PICTURES_PER_TAR,
    ):
        path = expand_home(pattern)
        self._pattern = shard.of_name(path.name) if shard else path.name
        self._pictures_per_tar = pictures_per_tar
        self._facts = options
        # Those that are painted and in no tar file yet: what they hold beside
        # the picture, by the name.
        self._waiting: dict[str, dict[str, Any]] = {}
        super().__init__(
            composition,
            works,
            path.parent,
            options,
            overwrite=overwrite,
            runner=runner,
            shard=shard,
            num_others=num_others,
        )
        self._tars = {
            name: tar
            for tar, made_of in self._manifest.finished.items()
            if isinstance(made_of.get("packed"), list)
            for name in made_of["packed"]
        }
        tar = self._next_tar()
        check_output_path(
            self._folder / tar,
            overwrite=overwrite or tar in self._manifest.started,
        )

    def _records(self) -> Iterator[dict[str, Any]]:
        for record in super()._records():
            member = Path(record["output"]).relative_to(self._tree)
            yield record | {"output": member.as_posix()}
            if len(self._waiting) >= self._pictures_per_tar:
                self._pack()
        if self._waiting:
            self._pack()
        if self._overwrite:
            self._remove_former()
        with contextlib.suppress(OSError):
            self._remove_empty(self._tree)

    @property
    def _tree(self):
        return self._folder / WAITING

    def _note(self, outcome: Outcome) -> None:
        super()._note(outcome)
        if outcome.record["status"] == "painted":
            made_of = {"input": outcome.work.name, **outcome.made_of}
            self._waiting[self._name(outcome.work)] = made_of

    def _kept(self, work):
        name = self._name(work)
        tar = self._tars.get(name)
        if tar is not None and (self._folder / tar).exists():
            Path(work.output).unlink(missing_ok=True)
            return self._kept_record(work, self._manifest.finished[name])
        made_of = self._manifest.finished.get(name)
        kept = super()._kept(work)
        if kept is not None:
            self._waiting[name] = made_of
        return kept

    def _pack(self):
        """Writes the next tar file of what waits for it."""
        names = list(self._waiting)[: self._pictures_per_tar]
        tar = self._next_tar()
        self._manifest.start(tar)
        write_tar(self._folder / tar, self._members(names))
        self._manifest.finish(tar, {"packed": names})
        for name in names:
            del self._waiting[name]
            (self._tree / name).unlink()

    def _members(self, names):
        for name in names:
            said = {**self._facts, **self._waiting[name]}
            text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
            yield name, self._tree / name
            yield os.path.splitext(name)[0] + ".json", text.encode()

    def _next_tar(self):
        number = 0
        while self._pattern % number in self._manifest.finished:
            number += 1
        return self._pattern % number

    def _remove_former(self):
        """Removes the tar files of a longer run that was there before."""
        number = len(
            [tar for tar in self._manifest.finished if tar.endswith(".tar")]
        )
        while (former := self._folder / (self._pattern % number)).exists():
            former.unlink()
            number += 1

    def _remove_empty(self, folder):
        for path in folder.iterdir():
            if path.is_dir():
                self._remove_empty(path)
        folder.rmdir()


def place_in_tar(
    works: Iterable[Work],
    folder: str | os.PathLike[str],
    pattern: str | os.PathLike[str],
) -> list[Work]:
    """Gives works the places of their pictures in tar files.

    There a name's first dot ends its stem, so dots before become `_`.

    Args:
        works: of `Work`, with outputs in `folder`.
        folder: see `works`.
        pattern: path of the tar files.

    Raises:
        InputError: if two pictures would have the same stem.
    """
    waiting = expand_home(pattern).parent / WAITING
    owners: dict[Path, Work] = {}
    placed = []
    for work in works:
        path = Path(work.output).relative_to(expand_home(folder))
        stem = path.with_name(path.stem.replace(".", "_"))
        owner = owners.setdefault(stem, work)
        if owner is not work:
            raise InputError(
                f"`{owner.photograph}` and `{work.photograph}` would both be "
                f"`{stem.as_posix()}` in a tar file: paint them by two "
                "commands."
            )
        output = waiting / f"{stem}{path.suffix}"
        placed.append(work._replace(output=str(output)))
    return placed
